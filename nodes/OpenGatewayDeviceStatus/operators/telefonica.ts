import type { Device } from '../device';
import { asObject } from '../http';
import type { Operator } from './operator';

/** Telefónica Open Gateway, Device Status v0.4. */
export const telefonica: Operator = {
	displayName: 'Telefónica Open Gateway',
	defaultBaseUrl: 'https://sandbox.opengateway.telefonica.com/apigateway',
	endpoints: (baseUrl) => ({
		backchannelAuthentication: `${baseUrl}/bc-authorize`,
		token: `${baseUrl}/token`,
	}),
	roamingScope: (purpose) => `dpv:${purpose}#device-status-roaming-read`,
	roamingRequest: (baseUrl, device) => ({
		url: `${baseUrl}/device-status/v0/roaming`,
		body: userEquipment(device),
	}),
	readError: ({ json }) => {
		const { code, message } = asObject(json);
		return typeof code === 'string' ? { code, message } : undefined;
	},
	errors: {
		INVALID_INPUT: {
			happened: 'The operator cannot read the identifier {device}.',
			remedy: 'Check the device; if it is right, give the correlator to the operator’s support.',
		},
		UNAUTHORIZED: {
			happened: 'The operator did not accept its own access token for {device}.',
			remedy: 'Try again; if it stays, give the correlator to the operator’s support.',
		},
		FORBIDDEN: {
			happened: 'The application may not ask about {device}.',
			remedy:
				'Check in the operator’s developer portal that the application is registered for Device Status with this purpose.',
		},
		NOT_FOUND: {
			happened: 'The operator does not know the line {device}.',
			remedy: 'Check the identifier. Lines of other operators cannot be asked about here.',
		},
		INTERNAL_SERVER_ERROR: {
			happened: 'The operator had a fault of its own while it looked up {device}.',
			remedy: 'Try again later; if it stays, give the correlator to the operator’s support.',
		},
		SERVICE_UNAVAILABLE: {
			happened: 'The operator cannot look up {device} at the moment.',
			remedy: 'Try again later.',
		},
	},
};

/** `RequestRoamingStatus`: the device as Telefónica's user equipment identifier. */
function userEquipment(device: Device): { ueId: object; uePort?: number } {
	if ('phoneNumber' in device) return { ueId: { msisdn: device.phoneNumber } };
	if ('networkAccessIdentifier' in device) {
		return { ueId: { externalId: device.networkAccessIdentifier } };
	}
	if ('ipv6Address' in device) return { ueId: { ipv6Addr: device.ipv6Address } };
	const { publicAddress, publicPort } = device.ipv4Address;
	return {
		ueId: { ipv4Addr: publicAddress },
		...(publicPort === undefined ? {} : { uePort: publicPort }),
	};
}
