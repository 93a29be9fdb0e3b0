import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import type { Device } from '../../device';
import { OpenGatewayError } from '../../errors';
import { asObject } from '../../http';
import { parseApiHost } from '../../credential/application';
import { ask, askAfterCallback, askSignedIn } from '../../gateway';
import { sendOnceSignedIn } from '../../transport/host';
import {
	description as sendOptions,
	parseSendOptions,
	type SendOptions,
} from '../../transport/sendOptions';
import type { Run } from '../../transport/run';
import { roamingStatus, type RoamingStatus } from '../../apis/roamingStatus';
import { readApplication, readSignIn } from '../credentials';
import * as identifier from '../identifier';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['device'], operation: ['checkRoaming'] } },
	[
		...identifier.description,
		{
			displayName: 'Callback Query',
			name: 'callbackQuery',
			type: 'string',
			required: true,
			displayOptions: { show: { identifierType: ['authorizationCallback'] } },
			default: '={{ $json.query }}',
			description:
				'The query with which the operator sent the phone back, as the Webhook node gives it',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				...updateDisplayOptions(
					{ show: { '/identifierType': ['phoneNumber'] } },
					identifier.options,
				),
				...sendOptions,
			],
		},
	],
);

/** The device and its roaming status; every field is always there. */
export async function prepare(
	this: IExecuteFunctions,
	run: Run,
): Promise<(itemIndex: number) => Promise<IDataObject>> {
	const options = parseSendOptions(this.getNodeParameter('options', 0) as IDataObject);
	return this.getNodeParameter('authentication', 0) === 'oAuth2'
		? await prepareSignedIn(this, run, options)
		: await prepareApplication(this, run, options);
}

async function prepareApplication(execute: IExecuteFunctions, run: Run, options: SendOptions) {
	const application = await readApplication(execute);
	const transports = await run.transports(application.fingerprint, options);
	const once = memoizedByDevice();
	return async (itemIndex: number) => {
		if (identifier.readType(execute, itemIndex) === 'authorizationCallback') {
			const callback = asObject(execute.getNodeParameter('callbackQuery', itemIndex));
			const { device, answer, reference } = await askAfterCallback(
				roamingStatus,
				application,
				callback,
				transports(itemIndex),
			);
			return { device, ...answer, reference };
		}
		const device = identifier.readDevice(execute, itemIndex);
		return await once(device, () => ask(roamingStatus, application, device, transports(itemIndex)));
	};
}

async function prepareSignedIn(execute: IExecuteFunctions, run: Run, options: SendOptions) {
	const { credential, id } = await readSignIn(execute);
	const host = parseApiHost(credential);
	const transports = await run.transports(id, options, sendOnceSignedIn);
	const once = memoizedByDevice();
	return async (itemIndex: number) => {
		const isNamed = identifier.readType(execute, itemIndex) !== 'signedInPhone';
		const device = isNamed ? identifier.readDevice(execute, itemIndex) : null;
		if (device && !host.operator.verifiesDevice) throw deviceNotNeeded();
		return await once(device, () =>
			askSignedIn(roamingStatus, host, device ?? undefined, transports(itemIndex).send),
		);
	};
}

/** Asks about the same device once a run, and gives the answer to each of its items. */
function memoizedByDevice() {
	const answers = new Map<string, Promise<RoamingStatus>>();
	return async (device: Device | null, ask: () => Promise<RoamingStatus>) => {
		const key = JSON.stringify(device);
		const answer = answers.get(key) ?? ask();
		answers.set(key, answer);
		const status = await answer;
		return { device, ...status, countryName: [...status.countryName] };
	};
}

function deviceNotNeeded(): OpenGatewayError {
	return new OpenGatewayError(
		'The OAuth2 credential is for one phone, and no device can be named.',
		{
			remedy:
				"Select Signed-In Phone in 'Identify Device By'. To ask about any device, select a credential of the type Open Gateway API.",
			code: 'UNSUPPORTED_DEVICE',
		},
	);
}
