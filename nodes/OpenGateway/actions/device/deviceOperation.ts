import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import type { Device } from '../../device';
import { OpenGatewayError } from '../../errors';
import { asObject } from '../../json';
import { parseApiHost } from '../../credential/application';
import { ask, askAfterCallback, askSignedIn } from '../../gateway';
import { sendOnceWithTokens, type N8nContext } from '../../transport/host';
import { parseSendOptions, type SendOptions } from '../../transport/sendOptions';
import type { Run } from '../../transport/run';
import type { Api, ApiName } from '../../apis';
import { readApplication, readSignIn } from '../credentials';
import * as identifier from '../identifier';
import { optionsWith } from '../options';
import { readDevice, type ReadField } from '../identifier';

/** The fields of an operation that asks an API about devices. */
export const descriptionFor = (operation: string): INodeProperties[] =>
	updateDisplayOptions({ show: { resource: ['device'], operation: [operation] } }, [
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
			displayName: 'Callback Cookies',
			name: 'callbackCookies',
			type: 'string',
			displayOptions: { show: { identifierType: ['authorizationCallback'] } },
			default: '={{ $json.headers.cookie }}',
			description:
				'The cookies with which the phone came back, as the Webhook node gives them. They show that it is the browser that was sent to the authorization URL.',
		},
		{
			displayName: 'Callback Address',
			name: 'callbackAddress',
			type: 'string',
			required: true,
			displayOptions: { show: { identifierType: ['authorizationCallback'] } },
			default: '={{ $json.webhookUrl }}',
			description:
				'The address at which the phone came back, as the Webhook node gives it. It has to be the redirect URI of the authorization URL.',
		},
		optionsWith(),
	]);

/** Executes such an operation: each item's output is its device and the answer. */
export const prepareFor = <Answer extends object>(api: Api<Answer, ApiName>) =>
	async function prepare(
		this: IExecuteFunctions,
		run: Run,
	): Promise<(itemIndex: number) => Promise<IDataObject>> {
		const shared: Shared<Answer> = {
			api,
			context: this,
			run,
			options: parseSendOptions(this.getNodeParameter('options', 0) as IDataObject),
			// The field takes no expression, so its value is that of all items.
			identifierType: this.getNodeParameter('identifierType', 0),
			fieldsOf: (itemIndex) => (name) => this.getNodeParameter(name, itemIndex),
		};
		return this.getNodeParameter('authentication', 0) === 'oAuth2'
			? await prepareSignedIn(shared)
			: await prepareApplication(shared);
	};

/** What all items of a run share. */
interface Shared<Answer> {
	readonly api: Api<Answer, ApiName>;
	readonly context: N8nContext;
	readonly run: Run;
	readonly options: SendOptions;
	readonly identifierType: unknown;
	fieldsOf(itemIndex: number): ReadField;
}

async function prepareApplication<Answer extends object>(shared: Shared<Answer>) {
	const { api, context, run, options, identifierType, fieldsOf } = shared;
	const application = await readApplication(context);
	const transports = await run.transports(application.fingerprint, options);
	const once = memoizedByDevice<Answer>();
	return async (itemIndex: number) => {
		const field = fieldsOf(itemIndex);
		const transport = transports(itemIndex);
		if (identifierType === 'authorizationCallback') {
			const callback = {
				query: asObject(field('callbackQuery')),
				cookies: field('callbackCookies'),
				address: field('callbackAddress'),
			};
			const { device, answer, reference } = await askAfterCallback(
				api,
				application,
				callback,
				transport,
			);
			return { device, ...answer, reference };
		}
		const device = readDevice(field);
		return await once(device, () => ask(api, application, device, transport));
	};
}

async function prepareSignedIn<Answer extends object>(shared: Shared<Answer>) {
	const { api, context, run, options, identifierType, fieldsOf } = shared;
	const { credential, id } = await readSignIn(context);
	const host = parseApiHost(credential);
	const transports = await run.transports(id, options, sendOnceWithTokens);
	const once = memoizedByDevice<Answer>();
	return async (itemIndex: number) => {
		const field = fieldsOf(itemIndex);
		const device = identifierType === 'signedInPhone' ? null : readDevice(field);
		if (device && !host.operator.verifiesDevice) throw deviceNotNeeded();
		const transport = transports(itemIndex);
		return await once(device, () => askSignedIn(api, host, device ?? undefined, transport));
	};
}

/** Asks about the same device once a run, and gives the answer to each of its items. */
function memoizedByDevice<Answer extends object>() {
	const answers = new Map<string, Promise<Answer>>();
	return async (device: Device | null, ask: () => Promise<Answer>) => {
		const key = JSON.stringify(device);
		const known = answers.get(key);
		if (known) return { device, ...structuredClone(await known) };
		const answer = ask();
		answers.set(key, answer);
		return { device, ...(await answer) };
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
