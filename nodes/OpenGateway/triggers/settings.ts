import { readDevice, type ReadField } from '../actions/identifier';
import type { Device } from '../device';
import { OpenGatewayError, quoted } from '../errors';
import { asObject } from '../json';
import { parseSendOptions, type SendOptions } from '../transport/sendOptions';
import type { Detection } from './description';
import type { RoamingChange } from './roamingEvent';

/** What the trigger's fields say. */
export interface TriggerSettings {
	readonly changes: ReadonlySet<RoamingChange>;
	/** Each once. */
	readonly devices: readonly Device[];
	readonly detection: Detection;
	/** ms. */
	readonly interval: number;
	readonly initialStatus: boolean;
	readonly lifecycleEvents: boolean;
	/** ms. */
	readonly subscriptionLifetime: number;
	readonly sendOptions: SendOptions;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;

/**
 * Reads the trigger's fields.
 * @throws {OpenGatewayError} `INVALID_DEVICE`, which names all devices that cannot be read, or `INVALID_OPTION`
 */
export function readSettings(field: ReadField): TriggerSettings {
	const options = asObject(field('options'));
	const changes = new Set([field('event')].flat() as RoamingChange[]);
	if (changes.size === 0) {
		throw new OpenGatewayError("'Trigger On' is empty.", {
			remedy: 'Select at least one event.',
			code: 'INVALID_OPTION',
		});
	}
	return {
		changes,
		devices: readDevices(field),
		detection: field('detectBy') as Detection,
		interval: minutes(field('interval') ?? 15),
		initialStatus: options.initialStatus === true,
		lifecycleEvents: options.lifecycleEvents === true,
		subscriptionLifetime: hours(options.subscriptionLifetime ?? 168),
		sendOptions: parseSendOptions(options),
	};
}

function minutes(value: unknown): number {
	return within(value, "'Ask Every (Minutes)'", 1, 1440) * MINUTE;
}

function hours(value: unknown): number {
	return within(value, "'Subscription Lifetime (Hours)'", 1, 8760) * HOUR;
}

function within(value: unknown, name: string, least: number, most: number): number {
	const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof read === 'number' && read >= least && read <= most) return read;
	throw new OpenGatewayError(`${name} is not a number from ${least} to ${most}.`, {
		remedy: 'Correct it.',
		code: 'INVALID_OPTION',
	});
}

/** Errors that are told of at once. */
const MAX_TOLD = 10;

function readDevices(field: ReadField): Device[] {
	const devices = new Map<string, Device>();
	const refused: string[] = [];
	const entries = listedIn(field('devices'));
	entries.forEach((entry, index) => {
		try {
			const device = readDevice(oneOf(entry, field));
			devices.set(JSON.stringify(device), device);
		} catch (error) {
			const { message } = error as Error;
			refused.push(`no. ${index + 1} (${quoted(String(entry))}): ${message}`);
		}
	});
	if (entries.length === 0) {
		throw invalidDevices(
			"'Devices' is empty.",
			'Enter one device on each line, or an expression for a list.',
		);
	}
	if (refused.length > 0) {
		const told = refused.slice(0, MAX_TOLD).join(' ');
		const more = refused.length > MAX_TOLD ? ` And ${refused.length - MAX_TOLD} more.` : '';
		throw invalidDevices(
			`${refused.length} of ${entries.length} devices cannot be read: ${told}${more}`,
			"Correct them in 'Devices'. None is watched until all can be.",
		);
	}
	return [...devices.values()];
}

function invalidDevices(happened: string, remedy: string): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_DEVICE' });
}

/** The entries of a text with one on each line or between commas, or of a list. */
function listedIn(value: unknown): unknown[] {
	if (Array.isArray(value)) return (value as unknown[]).flatMap(listedIn);
	if (typeof value !== 'string') return value === undefined || value === null ? [] : [value];
	return value
		.split(/[\n\r,;]/)
		.map((entry) => entry.trim())
		.filter((entry) => entry !== '');
}

/** The fields of Check Roaming, for one entry of the list. */
function oneOf(entry: unknown, field: ReadField): ReadField {
	const type = field('identifierType');
	const fields: Record<string, unknown> = {
		identifierType: type,
		[String(type)]: entry,
		options: field('options'),
	};
	if (type === 'ipv4Address' && typeof entry === 'string') {
		const [address, port = 0] = entry.split(':', 2);
		Object.assign(fields, { ipv4Address: address, port });
	}
	return (name) => fields[name];
}
