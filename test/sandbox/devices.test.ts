import axios from 'axios';
import { camara } from '../../sandbox/operators/camara';
import { rapidApi } from '../../sandbox/operators/nokia';
import { telefonica } from '../../sandbox/operators/telefonica';
import { clientOf } from '../support/sandboxClient';
import { sandboxUnderTest } from '../support/suite';

const sandbox = sandboxUnderTest();
const http = axios.create({ validateStatus: () => true, proxy: false });

const france = { roaming: true, countryCode: 208, countryName: ['FR'] };

const atTelefonica = async (ueId: object) =>
	(
		await clientOf(sandbox.baseUrls.telefonica).roaming(telefonica.authorization.fixedToken, {
			ueId,
		})
	).data;

async function atCamara(device: object) {
	const { fixedToken } = camara.authorization;
	const { data } = await clientOf(sandbox.baseUrls.camara).retrieve(fixedToken, { device });
	const { lastStatusTime, ...status } = data;
	expect(Date.parse(String(lastStatusTime))).not.toBeNaN();
	return status;
}

const put = async (identifier: string, body: unknown) =>
	await http.put(
		`${sandbox.origin}/sandbox/devices/${encodeURIComponent(identifier)}`,
		typeof body === 'string' ? body : JSON.stringify(body),
	);

describe('A device that is moved', () => {
	const phoneNumber = '+34600000002';

	test('roams where it has been moved to, at every operator', async () => {
		await sandbox.move(phoneNumber, { country: 'FR' });
		expect(await atTelefonica({ msisdn: phoneNumber })).toEqual(france);
		expect(await atCamara({ phoneNumber })).toEqual(france);
		const { data } = await http.post(
			`${sandbox.baseUrls.nokia}/device-status/device-roaming-status/v1/retrieve`,
			{ device: { phoneNumber } },
			{ headers: { 'X-RapidAPI-Key': rapidApi.key, 'X-RapidAPI-Host': rapidApi.host } },
		);
		expect(data).toMatchObject(france);
	});

	test.each([
		['+34600000001', 'ES'],
		['+4915112345671', 'DE'],
		['+33612345671', 'FR'],
		['+351912345671', 'PT'],
		['+12015550101', 'US'],
		['+99999991000', 'ES'],
	])('does not roam at home: %s in %s', async (number, home) => {
		await sandbox.move(number, { country: home === 'FR' ? 'BE' : 'FR' });
		expect(await atCamara({ phoneNumber: number })).toMatchObject({ roaming: true });
		await sandbox.move(number, { country: home });
		expect(await atCamara({ phoneNumber: number })).toEqual({ roaming: false });
	});

	test.each([
		['GB', 234, ['GB']],
		['US', 310, ['US']],
		// No mobile country code is its own.
		['GP', 340, ['BL', 'GF', 'GP', 'MF', 'MQ']],
	])('has the mobile country code of %s', async (country, countryCode, countryName) => {
		await sandbox.move(phoneNumber, { country });
		expect(await atCamara({ phoneNumber })).toEqual({ roaming: true, countryCode, countryName });
	});

	test.each([
		{ roaming: true, countryCode: 214, countryName: ['ES'] },
		{ roaming: true, countryCode: 901, countryName: [] },
		{ roaming: true },
		{ roaming: false },
	])('has any status: %j', async (status) => {
		await sandbox.move(phoneNumber, status);
		expect(await atCamara({ phoneNumber })).toEqual(status);
	});

	test('goes back to where its last character says', async () => {
		await sandbox.move('+34600000001', { country: 'FR' });
		await sandbox.move('+34600000001', {});
		expect(await atCamara({ phoneNumber: '+34600000001' })).toMatchObject({ countryCode: 262 });
	});

	test('is found although the network was unavailable', async () => {
		await sandbox.move('+34600000000', { country: 'FR' });
		expect(await atCamara({ phoneNumber: '+34600000000' })).toEqual(france);
	});

	test('is named by its address and port, as in a login hint, or by its external id', async () => {
		await sandbox.move('84.125.93.12:59765', { country: 'FR' });
		await sandbox.move('2001:DB8::2', { country: 'FR' });
		await sandbox.move('plate-2', { country: 'FR' });
		const ipv4 = { publicAddress: '84.125.93.12' };
		const asked = async (device: object) => (await atCamara(device)).roaming;
		expect(await asked({ ipv4Address: { ...ipv4, publicPort: 59765 } })).toBe(true);
		expect(await asked({ ipv4Address: { ...ipv4, publicPort: 59766 } })).toBe(false);
		expect(await asked({ ipv6Address: '2001:db8:0::2' })).toBe(true);
		expect(await atTelefonica({ externalId: 'plate-2' })).toEqual(france);
	});
});

describe('The devices', () => {
	test('that were moved or asked about are listed, until they are put back', async () => {
		await sandbox.move('+34600000002', { country: 'FR' });
		await sandbox.move('84.125.93.12:59765', { country: 'FR' });
		await atCamara({ phoneNumber: '+4915112345672' });
		const listed = { moved: true, home: 'ES', status: france, subscriptions: 0 };
		expect(await sandbox.devices()).toEqual([
			{ ...listed, identifier: '+34600000002' },
			{
				...listed,
				identifier: '+4915112345672',
				moved: false,
				home: 'DE',
				status: { roaming: false },
			},
			{ ...listed, identifier: '84.125.93.12:59765' },
		]);
		await sandbox.forget();
		expect(await sandbox.devices()).toEqual([]);
		expect(await atTelefonica({ msisdn: '+34600000002' })).toEqual({ roaming: false });
	});

	test.each<[string, string, unknown]>([
		['a country without mobile networks', '+34600000002', { country: 'XX' }],
		['a country in words', '+34600000002', { country: 'France' }],
		['a country and a status', '+34600000002', { country: 'FR', roaming: true }],
		['a status without roaming', '+34600000002', { countryCode: 208 }],
		['roaming in words', '+34600000002', { roaming: 'yes' }],
		['a dialling code', '+34600000002', { roaming: true, countryCode: 33 }],
		['names in words', '+34600000002', { roaming: true, countryName: ['France'] }],
		['a country at home', '+34600000002', { roaming: false, countryCode: 214 }],
		['an unknown member', '+34600000002', { land: 'FR' }],
		['no JSON', '+34600000002', 'FR'],
		['a list', '+34600000002', []],
		['a malformed number', '+34 600 000 002', { country: 'FR' }],
		['a malformed address', '84.125.93', { country: 'FR' }],
		['a subscriber whom nobody knows', '+34600000009', { country: 'FR' }],
		['a landline', '+34910000002', { country: 'FR' }],
	])('are not moved by %s', async (_what, identifier, body) => {
		const { status, data } = await put(identifier, body);
		expect([status, data]).toEqual([
			400,
			{ code: 'INVALID_INPUT', message: expect.any(String) as string },
		]);
		expect(await sandbox.devices()).toEqual([]);
	});
});
