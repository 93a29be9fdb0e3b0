import { unexpectedResponse } from '../errors';
import type { HttpResponse } from '../http';
import { asObject, timeText } from '../json';
import type { Api } from './api';
import { MOBILE_COUNTRY_CODES } from './mobileCountryCodeTable';

/** Telefónica Device Status v0.4 and CAMARA Device Roaming Status v1. */
export const roamingStatus: Api<RoamingStatus, 'roamingStatus'> = {
	name: 'roamingStatus',
	displayName: 'Device Roaming Status',
	read: readRoamingStatus,
};

/** Whether a device is roaming, and in which country. */
export interface RoamingStatus {
	roaming: boolean;
	/** The ISO 3166-1 alpha-2 code in `countryName`, if there is exactly one. */
	country: string | null;
	/** Mobile country code (MCC, ITU-T E.212) of the visited network, not a dialling code. */
	countryCode: number | null;
	/**
	 * ISO 3166-1 alpha-2 codes of the territories that the MCC serves: one, several or none. They are
	 * the operator's own, or else follow from the MCC.
	 */
	countryName: string[];
	/** When the operator last confirmed the status (RFC 3339). */
	lastStatusTime: string | null;
}

/**
 * Reads `RoamingStatusResponse`. Only `roaming` must be as the documents promise. Any other value is
 * read if it says one thing only, and is set aside if it does not. An operator may leave the country
 * out although the device is roaming.
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER` if `roaming` is not a boolean
 */
function readRoamingStatus(
	response: HttpResponse,
	setAside: (part: string) => void,
): RoamingStatus {
	if (response.json === undefined) throw unexpectedResponse(response, 'it is not JSON');
	const answer = asObject(response.json);
	const { roaming } = answer;
	if (typeof roaming !== 'boolean') {
		throw unexpectedResponse(response, '"roaming" is neither true nor false');
	}
	const read = <Value>(name: string, reader: (value: unknown) => Value | undefined) => {
		const value = answer[name];
		if (value === undefined || value === null) return null;
		const known = reader(value);
		if (known === undefined) setAside(name);
		return known ?? null;
	};
	const countryCode = read('countryCode', readMobileCountryCode);
	const named = read('countryName', readCountries) ?? [];
	const countryName =
		named.length === 0 && countryCode !== null ? territoriesOf(countryCode) : named;
	return {
		roaming,
		country: countryName.length === 1 ? (countryName[0] ?? null) : null,
		countryCode,
		countryName,
		lastStatusTime: read('lastStatusTime', readTime),
	};
}

/** The entry of a list that has one alone, or the value itself. */
function onlyEntry(value: unknown): unknown {
	return Array.isArray(value) && value.length === 1 ? (value as unknown[])[0] : value;
}

/** Its first digit is that of a region (ITU-T E.212): any other number is a dialling code, say. */
function readMobileCountryCode(value: unknown): number | undefined {
	const code = onlyEntry(value);
	const written = typeof code === 'number' ? String(code) : code;
	if (typeof written !== 'string' || !/^\s*(?:0*1|[2-79]\d\d)\s*$/.test(written)) return undefined;
	return Number(written);
}

/** A list of ISO 3166-1 alpha-2 codes, of which none is read if one cannot be. */
function readCountries(value: unknown): string[] | undefined {
	const written: unknown[] = typeof value === 'string' ? value.split(/[,;]/) : [value].flat();
	const codes = written.map((code) => (typeof code === 'string' ? code.trim().toUpperCase() : ''));
	return codes.every((code) => /^[A-Z]{2}$/.test(code)) ? [...new Set(codes)] : undefined;
}

/** RFC 3339 section 5.6, `date-time`: the time offset is not optional. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;
/** ISO 8601 in other forms, or an HTTP date (RFC 9110 section 5.6.7); each with its offset. */
const OTHER_TIME =
	/^(?:\d{4}-\d\d-\d\d|[A-Z]{3}, \d\d [A-Z]{3} \d{4})[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/i;

/** @returns RFC 3339 */
function readTime(value: unknown): string | undefined {
	const written = timeText(onlyEntry(value));
	const at = Date.parse(written.replace(/([+-]\d\d)$/, '$1:00'));
	if (Number.isNaN(at) || !isDateOf(written.slice(0, 10))) return undefined;
	if (RFC_3339.test(written)) return written;
	return OTHER_TIME.test(written) ? new Date(at).toISOString() : undefined;
}

/** `Date.parse` takes 30 February for 1 March. */
function isDateOf(written: string): boolean {
	const at = Date.parse(written);
	return Number.isNaN(at) || new Date(at).toISOString().startsWith(written);
}

let territories: ReadonlyMap<number, readonly string[]> | undefined;

/** The territories that a mobile country code is assigned to: none for networks at sea, for one. */
function territoriesOf(mobileCountryCode: number): string[] {
	territories ??= new Map(
		MOBILE_COUNTRY_CODES.trim()
			.split('\n')
			.map((row) => row.split(' '))
			.map(([code, ...countries]) => [Number(code), countries]),
	);
	return [...(territories.get(mobileCountryCode) ?? [])];
}
