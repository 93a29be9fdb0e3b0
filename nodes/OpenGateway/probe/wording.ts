import { TEST_DEVICE, TEST_PHONE } from '../authorization';
import type { Application } from '../credential/application';
import { OpenGatewayError, quoted } from '../errors';
import type { ClearMeaning } from './meaning';

/** The refusal in the words of the test. */
export function inWords(
	meaning: Exclude<ClearMeaning, 'address' | 'device'> | 'token',
	refusal: OpenGatewayError,
	{ provedBy }: Application,
): OpenGatewayError {
	const proof = listOf(provedBy);
	const wording: Record<typeof meaning, readonly [happened: string, remedy: string]> = {
		application: [
			'The operator does not accept the application.',
			`Compare ${proof} with the operator’s developer portal.`,
		],
		forbidden: [
			'The operator does not let the application use this API.',
			`Check ${proof}. If that is right, have the API added to the application in the operator’s developer portal.`,
		],
		token: [
			'The API does not accept the token that the authorization server gave.',
			"Check that 'Base URL' and the address of the authorization server are of the same environment.",
		],
		grantType: [
			'The operator does not let the application use this grant type.',
			"Select another 'Grant Type', or have this one enabled in the operator’s developer portal.",
		],
		scope: [
			'The application is not registered for this scope.',
			"Correct 'Scope' or leave it empty. If it is empty, select the registered 'Purpose', or have the API added to the application in the operator’s developer portal.",
		],
		busy: [
			`The operator cannot answer now (HTTP ${refusal.context.status}), which says nothing about the credential.`,
			'Try again later.',
		],
	};
	return reworded(refusal, ...wording[meaning]);
}

/**
 * Nobody responds at an address, or somebody else than the operator.
 * @param fields that the address comes from
 */
export function atAddress(
	refusal: OpenGatewayError,
	fields: readonly string[],
	url: string,
): OpenGatewayError {
	const check = `Check ${listOf(fields)}`;
	if (refusal.context.status === undefined) {
		return reworded(refusal, refusal.message, `${check}, and that n8n may reach the address.`);
	}
	const { origin, pathname } = new URL(url);
	return reworded(refusal, `The operator does not serve ${origin}${pathname}.`, `${check}.`);
}

function reworded(
	{ context: { code, status, serverMessage } }: OpenGatewayError,
	happened: string,
	remedy: string,
): OpenGatewayError {
	return new OpenGatewayError(happened, {
		...{ remedy, code, status },
		...(serverMessage !== undefined && { serverMessage: withoutTestDevice(serverMessage) }),
	});
}

/** `'Client ID' and 'Client Secret'` */
export function listOf(fields: readonly string[]): string {
	const names = fields.map((field) => `'${field}'`);
	return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
}

/** Nobody entered it. */
function withoutTestDevice(words: string): string {
	const { publicAddress } = TEST_DEVICE.ipv4Address;
	const { phoneNumber } = TEST_PHONE;
	return [publicAddress, phoneNumber, phoneNumber.slice(1)]
		.map((device) => quoted(device))
		.reduce((left, device) => left.replaceAll(device, 'the made-up device'), words);
}
