import { rapidApi } from '../../sandbox/operators/nokia';
import { sandboxUnderTest } from '../support/suite';
import { clientOf } from '../support/sandboxClient';

const sandbox = sandboxUnderTest();

function retrieve(body: object, headers: Record<string, string> = {}) {
	return clientOf(sandbox.baseUrls.nokia).request({
		method: 'POST',
		url: `${sandbox.baseUrls.nokia}/device-status/device-roaming-status/v1/retrieve`,
		data: body,
		headers: { 'X-RapidAPI-Key': rapidApi.key, 'X-RapidAPI-Host': rapidApi.host, ...headers },
	});
}
const phone = (ending: string) => ({ device: { phoneNumber: `+3460000000${ending}` } });

test('A key asks about any subscriber', async () => {
	const { status, data } = await retrieve(phone('1'));
	expect(status).toBe(200);
	expect(data).toEqual({
		roaming: true,
		countryCode: 262,
		countryName: ['DE'],
		lastStatusTime: expect.any(String),
	});
});

test('The device must be named', async () => {
	const { status, data } = await retrieve({});
	expect([status, data.code]).toEqual([422, 'MISSING_IDENTIFIER']);
});

describe('RapidAPI, in front of it, refuses', () => {
	test.each([
		['no key', { 'X-RapidAPI-Key': '' }, 401, 'Invalid API key.'],
		['an unknown key', { 'X-RapidAPI-Key': 'made-up' }, 401, 'Invalid API key.'],
		[
			'a key that has not subscribed',
			{ 'X-RapidAPI-Key': rapidApi.unsubscribedKey },
			403,
			'You are not subscribed',
		],
		['no host', { 'X-RapidAPI-Host': '' }, 404, "API doesn't exists"],
		['another host', { 'X-RapidAPI-Host': 'example.com' }, 404, "API doesn't exists"],
	])('%s', async (_what, headers, expected, message) => {
		const { status, data } = await retrieve(phone('1'), headers as Record<string, string>);
		expect([status, data]).toEqual([expected, { message: expect.stringContaining(message) }]);
	});
});
