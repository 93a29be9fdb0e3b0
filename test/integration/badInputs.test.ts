import type { INodeParameters } from 'n8n-workflow';
import { openGatewayApi } from '../support/credential';
import { runNode } from '../support/engine';
import { sandboxForSuite } from '../support/suite';

/**
 * The fields of a device as expressions deliver them, through n8n's engine: each is refused before
 * any request, or reaches the operator as the exact value that was meant. Odd texts are
 * tested with the parsers, in test/device.
 */
const sandbox = sandboxForSuite();

type Fields = Record<string, unknown>;

/** Runs the node for one item, all of whose fields are expressions. */
async function run(identifierType: string, { defaultCallingCode, ...fields }: Fields) {
	const parameters: INodeParameters = { identifierType };
	for (const name of Object.keys(fields)) parameters[name] = `={{ $json.${name} }}`;
	parameters.options = { defaultCallingCode: '={{ $json.defaultCallingCode }}' };
	const { outputs, error } = await runNode([{ ...fields, defaultCallingCode } as never], {
		credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica }),
		parameters,
		onError: 'continueRegularOutput',
	});
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(1);
	return outputs[0]?.[0]?.json;
}

const refusedAs = (code: string) => ({
	message: expect.any(String) as string,
	code,
	description: null,
	nextMove: 'you',
	status: null,
	correlator: null,
});

/** The subscriber number that most inputs mean; no error may show it. It roams in the sandbox. */
const MEANT = '612987651';

/** Whatever the kind of identifier, its field can hold these, with `meant` for an identifier in it. */
const misplaced = (meant: string): [what: string, value: unknown][] => [
	['missing', undefined],
	['null', null],
	['empty', ''],
	['a boolean', true],
	['a list', [meant]],
	['an object', { value: meant }],
	['NaN', NaN],
	['a negative number', -612987651],
	['10,000 characters long', '6'.repeat(10_000)],
	['followed by a header', `${meant}\r\nX-Evil: 1`],
	['followed by a form field', `${meant}&scope=openid`],
	['followed by JSON', `${meant}","msisdn":"+34600000002`],
	['followed by a NUL', `${meant}\0`],
	['an emoji', '📱'],
];

describe.each([
	['phoneNumber', '+34612987651'],
	['ipv4Address', '80.90.34.1'],
	['ipv6Address', '2001:db8::1'],
	['networkAccessIdentifier', '123456781@domain.com'],
])('the field %s is refused before any request if it is', (field, meant) => {
	test.each(misplaced(meant))('%s', async (_what, value) => {
		await expectRefused(field, { [field]: value });
	});
});

const PHONE_NUMBER = '612 987 651';
const IPV4_ADDRESS = '80.90.34.1';

test.each<[what: string, identifierType: string, fields: Fields, names: RegExp]>([
	...[undefined, null, '', ['34', '49'], { code: '34' }, NaN, 'ES', '34\0'].map(
		(defaultCallingCode): [string, string, Fields, RegExp] => [
			`a number without its country and the default calling code ${JSON.stringify(defaultCallingCode)}`,
			'phoneNumber',
			{ phoneNumber: PHONE_NUMBER, defaultCallingCode },
			/Default Calling Code/,
		],
	),
	...[-1, 65_536, 80.5, NaN, true, [8080], {}, 'http', '8080&scope=openid'].map(
		(port): [string, string, Fields, RegExp] => [
			`the port ${JSON.stringify(port)}`,
			'ipv4Address',
			{ ipv4Address: IPV4_ADDRESS, port },
			/port/i,
		],
	),
	[
		'the private address 10.0.0',
		'ipv4Address',
		{ ipv4Address: IPV4_ADDRESS, privateAddress: '10.0.0' },
		/Private Address/,
	],
])('a device is refused before any request with %s', async (_what, type, fields, names) => {
	await expectRefused(type, fields, names);
});

async function expectRefused(identifierType: string, fields: Fields, names = /./) {
	const json = await run(identifierType, fields);

	expect(json?.error).toStrictEqual(refusedAs('INVALID_DEVICE'));
	const { message } = json?.error as { message: string };
	expect(message).toMatch(names);
	expect(message.length).toBeLessThan(400);
	expect(message).not.toMatch(/\p{C}/u);
	expect(message.replace(/\D/g, '')).not.toContain(MEANT);
	expect(await sandbox.exchanges()).toEqual([]);
}

const asPhoneNumber = ['tel:+34612987651', { ueId: { msisdn: '+34612987651' } }] as const;
const asAddress = ['ipport:80.90.34.1', { ueId: { ipv4Addr: '80.90.34.1' } }] as const;
const asAddressAndPort = [
	'ipport:80.90.34.1:8080',
	{ ueId: { ipv4Addr: '80.90.34.1' }, uePort: 8080 },
] as const;
const asIpv6 = ['ipport:[2001:db8::1]', { ueId: { ipv6Addr: '2001:db8::1' } }] as const;

test.each<[identifierType: string, fields: Fields, loginHint: string, body: object]>([
	['phoneNumber', { phoneNumber: '+34612987651' }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: '\u202A(0034) 612-98 76.51\u202C\n' }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: '+34 (0)612 987 651' }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: '+34612987651', defaultCallingCode: '49' }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: 612987651, defaultCallingCode: 34 }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: PHONE_NUMBER, defaultCallingCode: '+34' }, ...asPhoneNumber],
	['phoneNumber', { phoneNumber: PHONE_NUMBER, defaultCallingCode: ['34'] }, ...asPhoneNumber],
	['ipv4Address', { ipv4Address: ' 80.90.34.1\n' }, ...asAddress],
	['ipv4Address', { ipv4Address: IPV4_ADDRESS, port: 0 }, ...asAddress],
	['ipv4Address', { ipv4Address: IPV4_ADDRESS, port: '' }, ...asAddress],
	['ipv4Address', { ipv4Address: IPV4_ADDRESS, port: null }, ...asAddress],
	[
		'ipv4Address',
		{ ipv4Address: IPV4_ADDRESS, port: undefined, privateAddress: undefined },
		...asAddress,
	],
	['ipv4Address', { ipv4Address: IPV4_ADDRESS, port: 8080 }, ...asAddressAndPort],
	['ipv4Address', { ipv4Address: IPV4_ADDRESS, port: ' 8080 ' }, ...asAddressAndPort],
	['ipv6Address', { ipv6Address: ' 2001:0DB8:0:0::1\t' }, ...asIpv6],
	['ipv6Address', { ipv6Address: '::FFFF:80.90.34.1' }, ...asAddress],
	['ipv4Address', { ipv4Address: '::ffff:505a:2201', port: 8080 }, ...asAddressAndPort],
])('%s reaches the operator as it was meant: %j', async (type, fields, loginHint, body) => {
	expect(await run(type, fields)).toMatchObject({ roaming: true, country: 'DE' });

	const [authentication, token, roaming, ...others] = await sandbox.exchanges();
	expect([...new URLSearchParams(authentication?.body)]).toEqual([
		['login_hint', loginHint],
		['scope', 'dpv:FraudPreventionAndDetection#device-status-roaming-read'],
	]);
	expect(token?.path).toBe('/apigateway/token');
	expect(JSON.parse(roaming?.body ?? '')).toEqual(body);
	expect(others).toEqual([]);
});

test('a network access identifier is refused by the backend flow, even if it is right', async () => {
	const json = await run('networkAccessIdentifier', {
		networkAccessIdentifier: '123456781@domain.com',
	});

	expect(json?.error).toStrictEqual(refusedAs('UNSUPPORTED_DEVICE'));
	expect(json?.error).toMatchObject({
		message: expect.stringMatching(/phone number.*IPv4 address.*IPv6 address/i) as string,
	});
	expect(await sandbox.exchanges()).toEqual([]);
});

test.each([
	['imsi', 'INVALID_DEVICE'],
	['', 'INVALID_DEVICE'],
	[null, 'INVALID_DEVICE'],
	[undefined, 'INVALID_DEVICE'],
	['toString', 'INVALID_DEVICE'],
	[1, 'INVALID_DEVICE'],
	[['phoneNumber', 'imsi'], 'INVALID_DEVICE'],
	// The choice is in the form, but for the OAuth2 credential.
	['signedInPhone', 'UNSUPPORTED_DEVICE'],
])('the choice %j of an expression is refused as %s', async (identifierType, code) => {
	const { outputs } = await runNode([{ identifierType } as never], {
		credential: openGatewayApi({ baseUrl: sandbox.baseUrls.telefonica }),
		parameters: {
			identifierType: '={{ $json.identifierType }}',
			// If an expression chooses, n8n requires that all fields be filled in.
			phoneNumber: '+34612987651',
			ipv4Address: '80.90.34.1',
			ipv6Address: '2001:db8::1',
			networkAccessIdentifier: '123456781@domain.com',
			callbackQuery: '={{ $json }}',
			callbackAddress: 'https://n8n.example.com/webhook/back',
		},
		onError: 'continueRegularOutput',
	});

	expect(outputs[0]?.map(({ json }) => json.error)).toStrictEqual([refusedAs(code)]);
	expect(outputs[0]?.[0]?.json.error).toMatchObject({
		message: expect.stringContaining('Identify Device By') as string,
	});
	expect(await sandbox.exchanges()).toEqual([]);
});
