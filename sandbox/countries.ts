import { MOBILE_COUNTRY_CODES } from '../nodes/OpenGateway/apis/mobileCountryCodeTable';
import type { RoamingStatus } from './subscribers';

/** The countries of calling codes (ITU-T E.164), each of which begins no other here. */
const CALLING_CODES: Readonly<Record<string, string>> = {
	'1': 'US',
	'30': 'GR',
	'31': 'NL',
	'32': 'BE',
	'33': 'FR',
	'34': 'ES',
	'351': 'PT',
	'352': 'LU',
	'353': 'IE',
	'358': 'FI',
	'36': 'HU',
	'39': 'IT',
	'40': 'RO',
	'41': 'CH',
	'420': 'CZ',
	'43': 'AT',
	'44': 'GB',
	'45': 'DK',
	'46': 'SE',
	'47': 'NO',
	'48': 'PL',
	'49': 'DE',
	'52': 'MX',
	'54': 'AR',
	'55': 'BR',
	'56': 'CL',
	'57': 'CO',
	'61': 'AU',
	'81': 'JP',
	'91': 'IN',
};

/** Of devices whose identifier tells no country. */
const DEFAULT_HOME = 'ES';

/** The country of a subscriber's operator: ISO 3166-1 alpha-2, by the calling code of its number. */
export function homeOf(identity: string): string {
	const found = Object.entries(CALLING_CODES).find(([code]) => identity.startsWith(`+${code}`));
	return found?.[1] ?? DEFAULT_HOME;
}

const territories = MOBILE_COUNTRY_CODES.trim()
	.split('\n')
	.map((line) => {
		const [code, ...countryName] = line.split(' ');
		return { countryCode: Number(code), countryName };
	});

/**
 * The status of a subscriber in a country. Of the country's mobile country codes, it has the first
 * that serves no other territory, if there is one.
 *
 * @param country ISO 3166-1 alpha-2
 * @returns `undefined` if no mobile country code serves it
 */
export function statusIn(country: string, identity: string): RoamingStatus | undefined {
	const serving = territories.filter(({ countryName }) => countryName.includes(country));
	const found = serving.find(({ countryName }) => countryName.length === 1) ?? serving[0];
	if (!found) return undefined;
	return country === homeOf(identity) ? { roaming: false } : { roaming: true, ...found };
}
