import type { IDataObject } from 'n8n-workflow';
import { readDevice, readOptionalDevice } from '../../nodes/OpenGateway/actions/identifier';
import { ipv4, ipv4AndPort, ipv4AndPrivate, ipv6, nai, phone } from '../support/identifiers';
import { refusal, refusedWith } from '../support/refusal';

/** Reads the fields as an item fills them in. */
const filledIn =
	(fields: IDataObject) =>
	(name: string): unknown =>
		({ options: {}, port: 0, privateAddress: '', ...fields })[name];

const ipv4Fields = (fields: IDataObject = {}) => ({
	identifierType: 'ipv4Address',
	ipv4Address: '80.90.34.2',
	...fields,
});

test.each<[what: string, fields: IDataObject, device: object]>([
	['phone number', { identifierType: 'phoneNumber', phoneNumber: '0034 600 000 001' }, phone],
	[
		'phone number without its country',
		{
			identifierType: 'phoneNumber',
			phoneNumber: '600000001',
			options: { defaultCallingCode: '34' },
		},
		phone,
	],
	['IPv4 address', ipv4Fields(), ipv4],
	['IPv4 address and port', ipv4Fields({ port: 16_790 }), ipv4AndPort],
	['IPv4 address and private address', ipv4Fields({ privateAddress: '10.0.0.1' }), ipv4AndPrivate],
	['IPv4 address and no private address', ipv4Fields({ privateAddress: undefined }), ipv4],
	['IPv6 address', { identifierType: 'ipv6Address', ipv6Address: '2001:DB8::1' }, ipv6],
	...['::ffff:80.90.34.2', '::FFFF:505A:2202', '0:0:0:0:0:ffff:505a:2202'].flatMap(
		(mapped): [string, IDataObject, object][] => [
			[
				`IPv4 address in IPv6's clothes, ${mapped}`,
				{ identifierType: 'ipv6Address', ipv6Address: mapped },
				ipv4,
			],
			[`address in the other field, ${mapped}`, ipv4Fields({ ipv4Address: mapped }), ipv4],
		],
	),
	['private address in IPv6', ipv4Fields({ privateAddress: '::ffff:10.0.0.1' }), ipv4AndPrivate],
	[
		'network access identifier',
		{ identifierType: 'networkAccessIdentifier', networkAccessIdentifier: '1@domain.com' },
		nai,
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
	expect(refusal(() => readDevice(filledIn(ipv4Fields(fields))))).toEqual(
		refusedWith('INVALID_DEVICE', words),
	);
});
