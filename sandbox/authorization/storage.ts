import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** How long anything is kept that says nothing of it itself. */
const LIFETIME_S = 24 * 3600;

/** oidc-provider's storage. Its own one holds 1,000 entries: a run over 1,000 devices overflows it. */
export function expiringStorage(): Adapter {
	// Each counts as one: a `max` would set aside room for all of them at once, for every model.
	const entries = new LRUCache<string, AdapterPayload>({
		maxSize: 100_000,
		sizeCalculation: () => 1,
	});
	const firstWith = (matches: (payload: AdapterPayload) => boolean) =>
		[...entries.values()].find(matches);
	return {
		async upsert(id, payload, expiresInS = LIFETIME_S) {
			// A minute more than it is valid: a late poll is to hear expired_token, not invalid_grant.
			entries.set(id, payload, { ttl: (expiresInS + 60) * 1000 });
		},
		find: async (id) => entries.get(id),
		findByUid: async (uid) => firstWith((payload) => payload.uid === uid),
		findByUserCode: async (code) => firstWith((payload) => payload.userCode === code),
		async consume(id) {
			const payload = entries.get(id);
			if (payload) payload.consumed = Math.floor(Date.now() / 1000);
		},
		destroy: async (id) => void entries.delete(id),
		async revokeByGrantId(grantId) {
			for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id);
		},
	};
}
