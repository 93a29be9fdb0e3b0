import { unexpectedResponse } from '../errors';
import { asObject, type HttpResponse } from '../http';
import type { Api } from './api';

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
	/** ISO 3166-1 alpha-2 codes of the territories that the MCC serves: one, several or none. */
	countryName: string[];
	/** When the operator last confirmed the status (RFC 3339). */
	lastStatusTime: string | null;
}

/** RFC 3339 section 5.6, `date-time`: the time offset is not optional. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/**
 * Reads `RoamingStatusResponse`. An operator may leave the country out although the device is
 * roaming.
 * @throws {OpenGatewayError} `UNEXPECTED_ANSWER` for anything that the document does not promise
 */
function readRoamingStatus(response: HttpResponse): RoamingStatus {
	if (response.json === undefined) throw unexpectedResponse(response, 'it is not JSON');
	const { roaming, countryCode, countryName, lastStatusTime } = asObject(response.json);

	if (typeof roaming !== 'boolean') {
		throw unexpectedResponse(response, '"roaming" is neither true nor false');
	}
	if (!isAbsent(countryCode) && !isMobileCountryCode(countryCode)) {
		throw unexpectedResponse(response, '"countryCode" is not a mobile country code');
	}
	if (!isAbsent(countryName) && !isListOfCountries(countryName)) {
		throw unexpectedResponse(response, '"countryName" is not a list of ISO 3166 alpha-2 codes');
	}
	if (!isAbsent(lastStatusTime) && !isTime(lastStatusTime)) {
		throw unexpectedResponse(response, '"lastStatusTime" is not an RFC 3339 time');
	}
	const countries = countryName ?? [];
	return {
		roaming,
		country: countries.length === 1 ? (countries[0] ?? null) : null,
		countryCode: countryCode ?? null,
		countryName: countries,
		lastStatusTime: lastStatusTime ?? null,
	};
}

function isAbsent(value: unknown): value is undefined | null {
	return value === undefined || value === null;
}

function isMobileCountryCode(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 999;
}

function isListOfCountries(value: unknown): value is string[] {
	return (
		Array.isArray(value) &&
		value.every((code) => typeof code === 'string' && /^[A-Z]{2}$/.test(code))
	);
}

function isTime(value: unknown): value is string {
	return typeof value === 'string' && RFC_3339.test(value) && !Number.isNaN(Date.parse(value));
}
