import { applications } from '../../sandbox/applications';
import { sandboxForSuite } from '../support/suite';
import { CAMARA_SCOPE, clientOf, seconds } from '../support/sandboxClient';

const sandbox = sandboxForSuite();
const telefonica = () => clientOf(sandbox.baseUrls.telefonica);
const camara = () => clientOf(sandbox.baseUrls.camara, applications.roaming, CAMARA_SCOPE);

beforeEach(() => sandbox.forgetStatistics());

const subscriber1 = { ueId: { msisdn: '+34600000001' } };
const subscriber2 = { ueId: { msisdn: '+34600000002' } };

describe('The statistics tell', () => {
	test('nothing before anything came in', async () => {
		expect(await sandbox.statistics()).toEqual({
			requests: 0,
			answers: {},
			inFlight: { now: 0, peak: 0 },
			authorizations: { subscribers: 0, subscribersAgain: 0 },
			misusedTokens: 0,
		});
	});

	test('what was answered, by status, and forget it when told', async () => {
		const token = await telefonica().token('tel:+34600000001');
		await telefonica().roaming(token, subscriber1);
		await telefonica().roaming('unknown', subscriber1);
		const { requests, answers } = await sandbox.statistics();
		expect([requests, answers]).toEqual([4, { 200: 3, 401: 1 }]);
		await sandbox.forgetStatistics();
		expect((await sandbox.statistics()).requests).toBe(0);
	});

	test('how many requests are being answered now, and were at most', async () => {
		await sandbox.setLatency(1500);
		const polls = [1, 2, 3].map((id) => telefonica().poll(id));
		await seconds(0.5); // they have arrived by now
		expect((await sandbox.statistics()).inFlight).toEqual({ now: 3, peak: 3 });
		await Promise.all(polls);
		await sandbox.setLatency(0);
		expect((await sandbox.statistics()).inFlight).toEqual({ now: 0, peak: 3 });
	});
});

describe('Of the subscribers that tokens are issued for, they tell', () => {
	const authorizations = async () => (await sandbox.statistics()).authorizations;

	test('how many there are', async () => {
		await telefonica().token('tel:+34600000001');
		await telefonica().token('tel:+34600000002');
		await telefonica().token('tel:+34600000007'); // its owner refuses
		expect(await authorizations()).toEqual({ subscribers: 2, subscribersAgain: 0 });
	});

	test('which were asked for again while a token was still good', async () => {
		for (const subscriber of ['1', '1', '1', '2'])
			await telefonica().token(`tel:+3460000000${subscriber}`);
		expect(await authorizations()).toEqual({ subscribers: 2, subscribersAgain: 1 });
	});

	test('nothing against another token once the first is over', async () => {
		await sandbox.setAccessTokenLifetime(1);
		await telefonica().token('tel:+34600000001');
		await seconds(1.1);
		await telefonica().token('tel:+34600000001');
		await sandbox.setAccessTokenLifetime();
		expect(await authorizations()).toEqual({ subscribers: 1, subscribersAgain: 0 });
	});

	test('each operator, application and scope by itself', async () => {
		const hint = 'tel:+34600000001';
		await telefonica().token(hint);
		await camara().token(hint);
		await clientOf(sandbox.baseUrls.telefonica, applications.encodedCredentials).token(hint);
		await telefonica().token(hint, { scope: 'dpv:Marketing#device-status-roaming-read' });
		expect(await authorizations()).toEqual({ subscribers: 4, subscribersAgain: 0 });
	});

	test('none for a token that is good for any subscriber', async () => {
		await camara().ownToken('dpv:Marketing device-roaming-status:read');
		expect(await authorizations()).toEqual({ subscribers: 0, subscribersAgain: 0 });
	});
});

describe('A foreign token is counted', () => {
	const misusedTokens = async () => (await sandbox.statistics()).misusedTokens;

	test("if a token of one subscriber comes with another's number", async () => {
		const token = await telefonica().token('tel:+34600000001');
		await telefonica().roaming(token, subscriber1);
		expect(await misusedTokens()).toBe(0);
		await telefonica().roaming(token, subscriber2);
		await telefonica().roaming(token, { ueId: { msisdn: '+34600000009' } });
		expect(await misusedTokens()).toBe(2);
	});

	test("at CAMARA's operator too, which wants no number at all", async () => {
		const token = await camara().token('tel:+34600000001');
		await camara().retrieve(token, {});
		await camara().retrieve(token, { device: { phoneNumber: '+34600000001' } });
		expect(await misusedTokens()).toBe(0);
		await camara().retrieve(token, { device: { phoneNumber: '+34600000002' } });
		expect(await misusedTokens()).toBe(1);
	});

	test('not if the token is good for any subscriber', async () => {
		await telefonica().roaming('mock_sandbox_access_token', subscriber2);
		expect(await misusedTokens()).toBe(0);
	});
});
