import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import type { Device } from '../../device';
import { OpenGatewayError } from '../../errors';
import { parseApiHost } from '../../credential/application';
import { checkRoaming, checkRoamingOfCallback, checkRoamingOfSignedIn } from '../../gateway';
import { sendOnceSignedIn } from '../../transport/host';
import { parseSendOptions } from '../../transport/sendOptions';
import type { Run } from '../../transport/run';
import type { RoamingStatus } from '../../apis/roamingStatus';
import { readApplication, readSignIn } from '../credentials';
import * as identifier from '../identifier';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['device'], operation: ['checkRoaming'] } },
	[
		{
			displayName: 'Device From',
			name: 'deviceFrom',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { authentication: ['backend'] } },
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description: 'The device that came back from an authorization URL to your webhook',
				},
				{
					name: 'Identifier',
					value: 'identifier',
					description: 'The fields below say which device is meant',
				},
			],
			default: 'identifier',
			description: 'How this node knows which device to ask about',
		},
		{
			displayName: 'Device From',
			name: 'deviceFrom',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { authentication: ['oAuth2'] } },
			options: [
				{
					name: 'Identifier',
					value: 'identifier',
					description: 'As Telefónica wants it: the signed-in line, named',
				},
				{
					name: 'Sign-In',
					value: 'signIn',
					description: 'The line whose owner connected the credential',
				},
			],
			default: 'signIn',
			description: 'How this node knows which device to ask about',
		},
		...updateDisplayOptions({ show: { deviceFrom: ['identifier'] } }, [
			...identifier.description,
			optionsWith(identifier.options),
		]),
		...updateDisplayOptions({ show: { deviceFrom: ['authorizationCode'] } }, [
			{
				displayName: 'Code',
				name: 'code',
				type: 'string',
				default: '={{ $json.query.code }}',
				description: 'The parameter "code" with which the operator sent the device back',
			},
			{
				displayName: 'State',
				name: 'state',
				type: 'string',
				default: '={{ $json.query.state }}',
				description: 'The parameter "state" with which the operator sent the device back',
			},
			{
				displayName: 'Error',
				name: 'error',
				type: 'string',
				default: '={{ $json.query.error }}',
				description: 'The parameter "error", which comes in place of a code where it was refused',
			},
			{
				displayName: 'Error Description',
				name: 'errorDescription',
				type: 'string',
				default: '={{ $json.query.error_description }}',
				description: 'The parameter "error_description", which may come with an error',
			},
		]),
		...updateDisplayOptions({ show: { deviceFrom: ['authorizationCode', 'signIn'] } }, [
			optionsWith([]),
		]),
	],
);

function optionsWith(others: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			...others,
			{
				displayName: 'Max Concurrency',
				name: 'maxConcurrency',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000 },
				default: 100,
				description:
					'Requests that are under way at the same time, at most. Fewer are where the operator does not bear as many.',
			},
			{
				displayName: 'Requests per Second',
				name: 'requestsPerSecond',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description:
					'What your contract with the operator allows: a device takes up to three requests. 0: as many as the operator bears.',
			},
			{
				displayName: 'Retries',
				name: 'retries',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 20 },
				default: 4,
				description:
					'How often a request is sent again that the operator is too busy for, or that gets lost on the way',
			},
			{
				displayName: 'Timeout',
				name: 'timeout',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 600 },
				default: 15,
				description: 'Seconds to wait for an answer to each request',
			},
		],
	};
}

/** The device and its roaming status; every field is always there. */
export async function prepare(
	this: IExecuteFunctions,
	run: Run,
): Promise<(itemIndex: number) => Promise<IDataObject>> {
	const parameter = (name: string, itemIndex: number) => this.getNodeParameter(name, itemIndex);
	const limits = parseSendOptions(parameter('options', 0) as IDataObject);
	const deviceFrom = parameter('deviceFrom', 0);
	const once = askedOnce();

	if (parameter('authentication', 0) === 'oAuth2') {
		const { credential, id } = await readSignIn(this);
		const service = parseApiHost(credential);
		const hosts = await run.hosts(id, limits, sendOnceSignedIn);
		return async (itemIndex) => {
			const device = deviceFrom === 'signIn' ? null : identifier.readDevice(this, itemIndex);
			if (device && !service.operator.verifiesDevice) throw signedInAlready();
			return await once(device, () =>
				checkRoamingOfSignedIn(service, device ?? undefined, hosts(itemIndex).send),
			);
		};
	}

	const application = await readApplication(this);
	const hosts = await run.hosts(application.fingerprint, limits);
	if (deviceFrom === 'authorizationCode') {
		return async (itemIndex) => {
			const callback = {
				code: parameter('code', itemIndex),
				state: parameter('state', itemIndex),
				error: parameter('error', itemIndex),
				errorDescription: parameter('errorDescription', itemIndex),
			};
			return { ...(await checkRoamingOfCallback(application, callback, hosts(itemIndex))) };
		};
	}
	return async (itemIndex) => {
		const device = identifier.readDevice(this, itemIndex);
		return await once(device, () => checkRoaming(application, device, hosts(itemIndex)));
	};
}

/** Asks about the same device once a run, and gives each of its items the answer. */
function askedOnce() {
	const asked = new Map<string, Promise<RoamingStatus>>();
	return async (device: Device | null, ask: () => Promise<RoamingStatus>) => {
		const key = JSON.stringify(device);
		const answer = asked.get(key) ?? ask();
		asked.set(key, answer);
		const status = await answer;
		return { device, ...status, countryName: [...status.countryName] };
	};
}

function signedInAlready(): OpenGatewayError {
	return new OpenGatewayError(
		'The credential is for one line already, and no other can be named.',
		{
			remedy:
				'Choose Sign-In in the field Device From. To ask about any line, choose the credential Open Gateway API in the field Authentication.',
			code: 'UNSUPPORTED_DEVICE',
		},
	);
}
