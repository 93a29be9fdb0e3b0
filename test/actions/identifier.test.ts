import type { IDataObject } from 'n8n-workflow';
import { readDevice, readOptionalDevice } from '../../nodes/OpenGateway/actions/identifier';
import { refusal, refusedWith } from '../support/refusal';

/** Reads the fields as an item fills them in. */
const filledIn =
	(fields: IDataObject) =>
	(name: string): unknown =>
		({ options: {}, port: 0, privateAddress: '', ...fields })[name];

const ipv4 = (fields: IDataObject = {}) => ({
	identifierType: 'ipv4Address',
	ipv4Address: '80.90.34.2',
	...fields,
});
const publicAddress = '80.90.34.2';

test.each<[what: string, fields: IDataObject, device: object]>([
	[
		'phone number',
		{ identifierType: 'phoneNumber', phoneNumber: '0034 600 000 001' },
		{ phoneNumber: '+34600000001' },
	],
	[
		'phone number without its country',
		{
			identifierType: 'phoneNumber',
			phoneNumber: '600000001',
			options: { defaultCallingCode: '34' },
		},
		{ phoneNumber: '+34600000001' },
	],
	['IPv4 address', ipv4(), { ipv4Address: { publicAddress } }],
	[
		'IPv4 address and port',
		ipv4({ port: 16_790 }),
		{ ipv4Address: { publicAddress, publicPort: 16_790 } },
	],
	[
		'IPv4 address and private address',
		ipv4({ privateAddress: '10.0.0.1' }),
		{ ipv4Address: { publicAddress, privateAddress: '10.0.0.1' } },
	],
	[
		'IPv4 address if an expression gives no private address',
		ipv4({ privateAddress: undefined }),
		{ ipv4Address: { publicAddress } },
	],
	[
		'IPv6 address',
		{ identifierType: 'ipv6Address', ipv6Address: '2001:DB8::1' },
		{ ipv6Address: '2001:db8::1' },
	],
	[
		'network access identifier',
		{ identifierType: 'networkAccessIdentifier', networkAccessIdentifier: '123456789@domain.com' },
		{ networkAccessIdentifier: '123456789@domain.com' },
	],
])('a device is read by its %s', (_what, fields, device) => {
	expect(readDevice(filledIn(fields))).toStrictEqual(device);
	expect(readOptionalDevice(filledIn(fields))).toStrictEqual(device);
});

test('a device may be left to the operator only if it is optional', () => {
	const nothing = filledIn({ identifierType: 'nothing' });
	expect(readOptionalDevice(nothing)).toBeUndefined();
	expect(refusal(() => readDevice(nothing))).toEqual(refusedWith('INVALID_DEVICE'));
});

test.each(['msisdn', '', undefined, null, 7])(
	'a choice that the form does not offer is refused: %j',
	(identifierType) => {
		expect(refusal(() => readOptionalDevice(filledIn({ identifierType })))).toEqual(
			refusedWith('INVALID_DEVICE', /^'Identify Device By' has no valid value\./),
		);
	},
);

test.each<[what: string, fields: IDataObject, words: RegExp]>([
	['port', { port: 70_000 }, /'Port' is not a whole number/],
	['private address', { privateAddress: '10.0.0' }, /not four numbers/],
])('an invalid %s is refused', (_what, fields, words) => {
	expect(refusal(() => readDevice(filledIn(ipv4(fields))))).toEqual(
		refusedWith('INVALID_DEVICE', words),
	);
});
