import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { readDevice } from '../../nodes/OpenGateway/actions/identifier';
import {
	maskedDevice,
	parseIpv4Address,
	parseIpv6Address,
	parseNetworkAccessIdentifier,
	parsePhoneNumber,
	parsePort,
	type Device,
} from '../../nodes/OpenGateway/device';
import { ipv4 } from '../support/identifiers';
import { anything, interspersed, text } from './arbitraries';
import { outcomeOf, refusedWith, wordsOf, type Outcome, type Property } from './property';

const digitsOf = (written: unknown) => String(written).replace(/\D/g, '');

/** Whether the outcome satisfies `fits`, or is a refusal of the device that does not show it. */
function fitsOrIsRefused<Value>(
	outcome: Outcome<Value>,
	input: unknown,
	fits: (value: Value) => boolean,
): boolean {
	if ('value' in outcome) return fits(outcome.value);
	const digits = typeof input === 'string' ? digitsOf(input) : '';
	const mayBeShown = digits.length < 6 || EXAMPLES.includes(digits);
	return (
		refusedWith(outcome, 'INVALID_DEVICE') &&
		(mayBeShown || !digitsOf(wordsOf(outcome.refusal)).includes(digits))
	);
}

/** The digits of the phone numbers that a refusal gives as examples. */
const EXAMPLES = '346001234560034600123456';

/** Numbers that are possible, with calling codes after which a 0 is dialled at home only. */
const e164 = fc.stringMatching(/^(346\d{8}|447\d{9}|4915\d{9}|33[1-9]\d{8}|1[2-9]\d{9})$/);
const separators = fc.constantFrom('', '', '', ' ', '-', '(', ')', '\u00A0', '\u2013', '\u2212');

/** Like a phone number, and often none. */
const numberLike = fc
	.tuple(
		fc.constantFrom('', '', '+', '00', '+0', '+44 (0)', '+39 0'),
		fc.string({
			unit: fc.constantFrom(...'0123456789'.repeat(8), ...' -()./'),
			maxLength: 20,
			size: 'max',
		}),
	)
	.map((parts) => parts.join(''));
const octet = fc.oneof(
	fc.integer({ min: 0, max: 255 }).map(String),
	fc.constantFrom('255', '256', '00', '01', '-1', '1e1', '0x1', ''),
);
const ipv4Like = fc.oneof(
	fc.ipV4(),
	fc.ipV4Extended(),
	fc.ipV4().map((address) => `::ffff:${address}`),
	fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
);
const ipv4Mapped = fc
	.tuple(fc.constantFrom('::ffff:', '::FFFF:', '0:0:0:0:0:ffff:', '0000::ffff:'), fc.ipV4())
	.map((parts) => parts.join(''));
const ipv6Like = fc.oneof(
	fc.ipV6(),
	ipv4Mapped,
	fc.string({ unit: fc.constantFrom(...'0123456789abcdefF::::.%'), maxLength: 40, size: 'max' }),
);
const naiLike = fc.oneof(
	fc.emailAddress(),
	fc.tuple(fc.string({ maxLength: 140, size: 'max' }), fc.string()).map((parts) => parts.join('@')),
	fc.tuple(fc.emailAddress(), fc.string()).map((parts) => parts.join('')),
);

const kinds = ['phoneNumber', 'ipv4Address', 'ipv6Address', 'networkAccessIdentifier'];
/** Choices that no field of a device goes with; another credential is needed for them. */
const others = ['authorizationCallback', 'signedInPhone'];
const fields = fc.record({
	identifierType: fc.oneof(fc.constantFrom(...kinds, ...others, 'nothing'), anything),
	phoneNumber: fc.oneof(e164, numberLike, anything),
	ipv4Address: fc.oneof(ipv4Like, anything),
	port: fc.oneof(fc.integer({ min: 0, max: 65_535 }), anything),
	privateAddress: fc.oneof(fc.constant(''), ipv4Like, anything),
	ipv6Address: fc.oneof(ipv6Like, anything),
	networkAccessIdentifier: fc.oneof(naiLike, anything),
	options: fc.record({ defaultCallingCode: fc.oneof(fc.constant('34'), fc.string()) }),
});
type Fields = typeof fields extends fc.Arbitrary<infer Record> ? Record : never;

const readFrom = (filledIn: Fields) => readDevice((name) => filledIn[name as keyof Fields]);

function sameAddress(one: string, other: string): boolean {
	const only = new BlockList();
	only.addAddress(one, 'ipv6');
	return only.check(other, 'ipv6');
}

export const properties: Property[] = [
	{
		name: 'a phone number is E.164 or refused, whatever the field holds',
		holds: fc.property(
			fc.oneof(numberLike, anything),
			fc.oneof(fc.constant(undefined), fc.constantFrom('34', '39', '1', '7'), text),
			(input, defaultCallingCode) =>
				fitsOrIsRefused(
					outcomeOf(() => parsePhoneNumber(input, defaultCallingCode)),
					input,
					(phoneNumber) => /^\+[1-9]\d{4,14}$/.test(phoneNumber),
				),
		),
	},
	{
		name: 'a phone number is the one that was meant, whatever stands between its digits',
		holds: fc.property(
			e164,
			fc.constantFrom('+', '00', '(+', '(00'),
			fc.infiniteStream(separators),
			(number, prefix, between) => {
				const written = [...number].map((digit) => digit + between.next().value).join('');
				return parsePhoneNumber(prefix + written) === `+${number}`;
			},
		),
	},
	{
		name: 'a phone number without its country is completed with the default one and nothing else, or refused',
		holds: fc.property(
			fc.constantFrom('34', '33', '44', '49'),
			fc.stringMatching(/^[1-9]\d{6,9}$/),
			fc.boolean(),
			(callingCode, number, dialledAtHome) => {
				const written = (dialledAtHome ? '0' : '') + number;
				return fitsOrIsRefused(
					outcomeOf(() => parsePhoneNumber(written, callingCode)),
					written,
					(phoneNumber) => phoneNumber === `+${callingCode}${number}`,
				);
			},
		),
	},
	{
		name: 'a phone number that was read once is read again as it is',
		holds: fc.property(
			fc.oneof(numberLike, interspersed(e164, separators)),
			fc.constantFrom('34', '39', '1', '7', '54', undefined),
			(input, defaultCallingCode) =>
				fitsOrIsRefused(
					outcomeOf(() => parsePhoneNumber(input, defaultCallingCode)),
					input,
					(phoneNumber) => parsePhoneNumber(phoneNumber, defaultCallingCode) === phoneNumber,
				),
		),
	},
	{
		name: 'an IPv4 address goes out letter by letter, unmapped, or is refused',
		holds: fc.property(fc.oneof(ipv4Like, anything), (input) => {
			const written = typeof input === 'string' ? input.trim() : '';
			const outcome = outcomeOf(() => parseIpv4Address(input));
			if (isIPv4(written)) return 'value' in outcome && outcome.value === written;
			return 'value' in outcome
				? isIPv6(written) && sameAddress(written, `::ffff:${outcome.value}`)
				: refusedWith(outcome, 'INVALID_DEVICE');
		}),
	},
	{
		name: 'an IPv6 address goes out as the same one in its canonical form, or is refused',
		holds: fc.property(fc.oneof(ipv6Like, anything), (input) => {
			const written = typeof input === 'string' ? input.trim() : '';
			const outcome = outcomeOf(() => parseIpv6Address(input));
			if (!isIPv6(written) || written.includes('%')) {
				return refusedWith(outcome, 'INVALID_DEVICE');
			}
			return (
				'value' in outcome &&
				sameAddress(written, outcome.value) &&
				parseIpv6Address(outcome.value) === outcome.value
			);
		}),
	},
	{
		name: 'a port is a whole number from 1 to 65535, absent or refused',
		holds: fc.property(
			fc.oneof(
				fc.integer({ min: -2, max: 65_538 }),
				fc.integer({ min: 65_530, max: 65_540 }),
				fc.integer({ min: 0, max: 99_999 }).map(String),
				fc.double(),
				anything,
			),
			(input) => {
				const outcome = outcomeOf(() => parsePort(input));
				if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_DEVICE');
				const { value } = outcome;
				if (value === undefined) return [0, undefined, null].includes(Number(input) || null);
				return value === Number(input) && Number.isInteger(value) && value > 0 && value < 65_536;
			},
		),
	},
	{
		name: 'a network access identifier goes out as it came, or is refused',
		holds: fc.property(fc.oneof(naiLike, anything), (input) =>
			fitsOrIsRefused(
				outcomeOf(() => parseNetworkAccessIdentifier(input)),
				input,
				(identifier) =>
					identifier === String(input).trim() &&
					/^[!-?A-~]{1,128}@[!-?A-~]{1,127}$/.test(identifier),
			),
		),
	},
	{
		name: 'the fields name exactly one device, of the kind that was chosen, or are refused',
		holds: fc.property(fields, (filledIn) => {
			const outcome = outcomeOf(() => readFrom(filledIn));
			const isOther = others.includes(filledIn.identifierType as string);
			if (isOther) return refusedWith(outcome, 'UNSUPPORTED_DEVICE');
			if (!('value' in outcome)) return refusedWith(outcome, 'INVALID_DEVICE');
			const kind = Object.keys(outcome.value).join();
			const isMapped = kind === 'ipv4Address' && filledIn.identifierType === 'ipv6Address';
			return isMapped
				? sameAddress(
						String(filledIn.ipv6Address).trim(),
						`::ffff:${(outcome.value as typeof ipv4).ipv4Address.publicAddress}`,
					)
				: kind === filledIn.identifierType;
		}),
	},
	{
		name: 'a device that an error names cannot be called or reached by what is shown',
		holds: fc.property(
			fc.oneof(
				e164.map((number): Device => ({ phoneNumber: parsePhoneNumber(`+${number}`) })),
				fc.ipV4().map((address): Device => ({
					ipv4Address: { publicAddress: parseIpv4Address(address) },
				})),
				fc.emailAddress({ size: 'small' }).map((address): Device => ({
					networkAccessIdentifier: parseNetworkAccessIdentifier(address),
				})),
			),
			(device) => {
				const shown = maskedDevice(device);
				const [whole] = Object.values(device).map((identifier) =>
					typeof identifier === 'string' ? identifier : identifier.publicAddress,
				);
				const shownDigits = digitsOf(shown).length;
				return (
					shown.includes('•') &&
					!shown.includes(String(whole)) &&
					(!('phoneNumber' in device) || shownDigits <= digitsOf(whole).length - 3) &&
					(!('ipv4Address' in device) || shown.split('•').length > 2)
				);
			},
		),
	},
];
