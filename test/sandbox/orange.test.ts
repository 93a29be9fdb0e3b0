import { applications } from '../../sandbox/applications';
import { authorizationBaseUrlAt } from '../../sandbox/operators';
import { clientOf } from '../support/sandboxClient';
import { sandboxUnderTest } from '../support/suite';

const sandbox = sandboxUnderTest();

/** A client of an environment, whose authorization server has an address of its own. */
const ENVIRONMENTS = ['orange', 'orangeLab'] as const;
const clientAt = (environment: (typeof ENVIRONMENTS)[number]) =>
	clientOf(authorizationBaseUrlAt(sandbox.origin, environment), applications.roaming);
const granted = async (environment: (typeof ENVIRONMENTS)[number]) =>
	(await clientAt(environment).form('/token', { grant_type: 'client_credentials' })).data;

async function retrieve(
	environment: (typeof ENVIRONMENTS)[number],
	phoneNumber: string,
	token: unknown,
) {
	const version = environment === 'orange' ? 'v0.6' : 'v0';
	const { status, data } = await clientAt(environment).request({
		method: 'POST',
		url: `${sandbox.baseUrls[environment]}/device-roaming-status/${version}/retrieve`,
		data: { device: { phoneNumber } },
		headers: { authorization: `Bearer ${String(token)}` },
	});
	return { status, data: data as Record<string, unknown> };
}

test.each(ENVIRONMENTS)(
	'client credentials need no scope, and ask about any device: %s',
	async (at) => {
		const { access_token: token, expires_in: lifetime } = await granted(at);
		// The lab writes numbers as text.
		expect(lifetime).toBe(at === 'orange' ? 3600 : '3600');
		expect(await retrieve(at, '+34600000001', token)).toEqual({
			status: 200,
			data: {
				roaming: true,
				countryCode: 262,
				countryName: ['DE'],
				lastStatusTime: expect.any(String) as string,
			},
		});
	},
);

test('an unknown number is refused as forbidden, and a token by a number', async () => {
	const { access_token: token } = await granted('orange');
	const refusals = [
		await retrieve('orange', '+34600000009', token),
		await retrieve('orange', '+34600000001', 'made-up'),
	];
	expect(refusals.map(({ status, data }) => [status, data.code])).toEqual([
		[403, 'FORBIDDEN'],
		[401, 41],
	]);
});
