import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Lifetime of entries that have none of their own. */
const LIFETIME_S = 24 * 3600;

/** Storage for oidc-provider, whose own holds 1,000 entries, too few for a run of 1,000 devices. */
export function expiringStorage(): Adapter {
	// Unlike `maxSize`, `max` would allocate room for all entries at once, for every model.
	const entries = new LRUCache<string, AdapterPayload>({
		maxSize: 100_000,
		sizeCalculation: () => 1,
	});
	const firstWith = (matches: (payload: AdapterPayload) => boolean) =>
		[...entries.values()].find(matches);
	return {
		async upsert(id, payload, expiresInS = LIFETIME_S) {
			// Kept a minute longer than valid, so that a late poll gets expired_token, not invalid_grant.
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
