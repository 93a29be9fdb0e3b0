import { applications } from '../../sandbox/applications';
import { telefonica } from '../../sandbox/operators/telefonica';
import { sandboxUnderTest } from '../support/suite';
import { clientOf, seconds } from '../support/sandboxClient';

const sandbox = sandboxUnderTest();
let client: ReturnType<typeof clientOf>;

beforeAll(async () => {
	client = clientOf(sandbox.baseUrls.telefonica);
});

describe('An authorization request', () => {
	test('is answered with how long it is good for and how often to poll', async () => {
		const { status, data } = await client.authorize('tel:+34600000001');
		expect(status).toBe(200);
		expect(data).toEqual({ auth_req_id: expect.any(String), expires_in: 120, interval: 1 });
	});

	test.each(telefonica.apis.roamingStatus.scopes)(
		'is granted with the scope %s, and no other',
		async (wanted) => {
			const { data } = await client.authorize('tel:+34600000001', { scope: wanted });
			const token = await client.poll(data.auth_req_id);
			expect(token.data).toEqual({
				access_token: expect.stringMatching(/^[\w-]{40,}$/),
				token_type: 'Bearer',
				expires_in: 3600,
				scope: wanted,
			});
		},
	);

	test.each([
		'tel:+34600000001',
		'ipport:80.90.34.1:16790',
		'ipport:80.90.34.1',
		'ipport:[2001:db8::1]:8080',
		'ipport:[2001:DB8:0::1]',
	])('takes the login hint %s', async (hint) => {
		expect((await client.authorize(hint)).status).toBe(200);
	});

	test.each([
		'+34600000001',
		'tel:34600000001',
		'tel: 34600000001',
		'tel:+34 600 000 001',
		'tel:+0600000001',
		'tel:+3460000000100000',
		'ipport:80.90.34.256',
		'ipport:80.90.34.1:70000',
		'ipport:2001:db8::1',
		'ipport:[fe80::1%eth0]',
		'ipport:[80.90.34.1]',
		'operatortoken:abc',
		'mailto:someone@example.com',
		'tel:+34600000001\n',
	])('does not take the login hint %j', async (hint) => {
		const { status, data } = await client.authorize(hint);
		expect([status, data.error]).toEqual([400, 'invalid_request']);
	});

	test('needs a scope', async () => {
		const { status, data } = await client.form('/bc-authorize', { login_hint: 'tel:+34600000001' });
		expect([status, data.error]).toEqual([400, 'invalid_request']);
	});

	test.each(['dpv:Curiosity#device-status-roaming-read', 'device-status-roaming-read'])(
		'for the scope %s is refused: nobody is registered for it',
		async (unregistered) => {
			const { data } = await client.authorize('tel:+34600000001', { scope: unregistered });
			expect(data.error).toBe('invalid_scope');
		},
	);

	test('of an application registered for another API is refused', async () => {
		const other = clientOf(sandbox.baseUrls.telefonica, applications.otherApi);
		const { status, data } = await other.authorize('tel:+34600000001');
		expect([status, data.error]).toEqual([400, 'invalid_scope']);
	});

	test('of an application that may not use CIBA is refused', async () => {
		const frontendOnly = clientOf(sandbox.baseUrls.telefonica, applications.noCiba);
		const { status, data } = await frontendOnly.authorize('tel:+34600000001');
		expect([status, data.error]).toEqual([400, 'unauthorized_client']);
		const polled = await frontendOnly.poll('any');
		expect([polled.status, polled.data.error]).toEqual([400, 'unauthorized_client']);
	});
});

describe('Polling', () => {
	test('at the interval is pending until the owner has consented', async () => {
		const { data } = await client.authorize('tel:+34600000008');
		expect((await client.poll(data.auth_req_id)).data.error).toBe('authorization_pending');
		await seconds(1);
		expect((await client.poll(data.auth_req_id)).data.error).toBe('authorization_pending');
		await seconds(1);
		expect((await client.poll(data.auth_req_id)).data.access_token).toEqual(expect.any(String));
	});

	test('faster than the interval is told to slow down, by 5 s', async () => {
		const { data } = await client.authorize('tel:+34600000008');
		await client.poll(data.auth_req_id);
		const { status, data: hurried } = await client.poll(data.auth_req_id);
		expect([status, hurried.error]).toEqual([400, 'slow_down']);
		expect(hurried.error_description).toContain('6 s');
		await seconds(1.1);
		expect((await client.poll(data.auth_req_id)).data.error).toBe('slow_down');
	});

	test('after the request has expired says so', async () => {
		const { data } = await client.authorize('tel:+34600000008', { requested_expiry: '1' });
		expect(data.expires_in).toBe(1);
		await seconds(2.1);
		expect((await client.poll(data.auth_req_id)).data.error).toBe('expired_token');
	});
});

describe('Polling, set to', () => {
	afterEach(() => sandbox.setPolling({}));

	test('an interval tells it to the requests that follow', async () => {
		await sandbox.setPolling({ intervalS: 2 });
		expect((await client.authorize('tel:+34600000001')).data.interval).toBe(2);
		await sandbox.setPolling({});
		expect((await client.authorize('tel:+34600000001')).data.interval).toBe(1);
	});

	test('three pending polls has the owner answer after them', async () => {
		await sandbox.setPolling({ intervalS: 0, pending: 3 });
		const { data } = await client.authorize('tel:+34600000001');
		await sandbox.setPolling({});
		for (let n = 0; n < 3; n++) {
			expect((await client.poll(data.auth_req_id)).data.error).toBe('authorization_pending');
		}
		expect((await client.poll(data.auth_req_id)).data.access_token).toEqual(expect.any(String));
	});

	test('a pending poll keeps a refusal waiting too', async () => {
		await sandbox.setPolling({ intervalS: 0, pending: 1 });
		const { data } = await client.authorize('tel:+34600000007');
		expect((await client.poll(data.auth_req_id)).data.error).toBe('authorization_pending');
		expect((await client.poll(data.auth_req_id)).data.error).toBe('access_denied');
	});

	test('slow_down adds 5 s to the interval of that request, then lets it wait', async () => {
		await sandbox.setPolling({ intervalS: 0, slowDown: 1, pending: 1 });
		const { data } = await client.authorize('tel:+34600000001');
		expect((await client.poll(data.auth_req_id)).data.error).toBe('authorization_pending');
		const slowed = await client.poll(data.auth_req_id);
		expect([slowed.status, slowed.data.error]).toEqual([400, 'slow_down']);
		await seconds(5);
		expect((await client.poll(data.auth_req_id)).data.access_token).toEqual(expect.any(String));
	});

	test.each([{ intervalS: -1 }, { slowDown: 0.5 }, { pending: '1' }, { polls: 1 }, [], null])(
		'%j is refused',
		async (polling) => {
			const url = `${sandbox.origin}/sandbox/polling`;
			expect((await client.request({ method: 'PUT', url, data: polling })).status).toBe(400);
		},
	);
});

test('Access tokens live as long as they are told to', async () => {
	await sandbox.setAccessTokenLifetime(1);
	const token = await client.token('tel:+34600000001');
	await sandbox.setAccessTokenLifetime();
	const body = { ueId: { msisdn: '+34600000001' } };
	expect((await client.roaming(token, body)).status).toBe(200);
	await seconds(2);
	expect((await client.roaming(token, body)).status).toBe(401);
});
