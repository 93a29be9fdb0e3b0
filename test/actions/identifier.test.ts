import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { readDevice, readOptionalDevice } from '../../nodes/OpenGateway/actions/identifier';

/** Of n8n's functions, the one that reads the fields as an item fills them in. */
const filledIn = (fields: IDataObject) =>
	({
		getNodeParameter: (name: string) =>
			({ options: {}, port: 0, privateAddress: '', ...fields })[name],
	}) as unknown as IExecuteFunctions;

const refused = (code: string, words: RegExp) =>
	expect.objectContaining({
		message: expect.stringMatching(words),
		context: expect.objectContaining({ code }),
	});

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
	[
		'IPv4 address',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.2' },
		{ ipv4Address: { publicAddress: '80.90.34.2' } },
	],
	[
		'IPv4 address and port',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.2', port: 16_790 },
		{ ipv4Address: { publicAddress: '80.90.34.2', publicPort: 16_790 } },
	],
	[
		'IPv4 address and private address',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.2', privateAddress: '10.0.0.1' },
		{ ipv4Address: { publicAddress: '80.90.34.2', privateAddress: '10.0.0.1' } },
	],
	[
		'IPv4 address where an expression finds no private one',
		{ identifierType: 'ipv4Address', ipv4Address: '80.90.34.2', privateAddress: undefined },
		{ ipv4Address: { publicAddress: '80.90.34.2' } },
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
	expect(readDevice(filledIn(fields), 0)).toStrictEqual(device);
	expect(readOptionalDevice(filledIn(fields), 0)).toStrictEqual(device);
});

test('nothing is an answer only where the operator may be left to find out', () => {
	const nothing = filledIn({ identifierType: 'nothing' });
	expect(readOptionalDevice(nothing, 0)).toBeUndefined();
	expect(() => readDevice(nothing, 0)).toThrow(refused('INVALID_DEVICE', /Identify Device By/));
});

test.each(['msisdn', '', undefined, null, 7])(
	'an expression that gives %j is told which kinds there are',
	(identifierType) => {
		const read = () => readOptionalDevice(filledIn({ identifierType }), 0);
		expect(read).toThrow(refused('INVALID_DEVICE', /Identify Device By holds no kind/));
		expect(read).toThrow(
			expect.objectContaining({
				context: expect.objectContaining({
					remedy: expect.stringMatching(
						/phoneNumber, ipv4Address, ipv6Address or networkAccessIdentifier/,
					),
				}),
			}),
		);
	},
);

test.each<[what: string, fields: IDataObject, words: RegExp]>([
	['port', { port: 70_000 }, /port is not a whole number/],
	['private address', { privateAddress: '10.0.0' }, /not four numbers/],
])('a %s that cannot be one is refused', (_what, fields, words) => {
	const device = { identifierType: 'ipv4Address', ipv4Address: '80.90.34.2', ...fields };
	expect(() => readDevice(filledIn(device), 0)).toThrow(refused('INVALID_DEVICE', words));
});
