import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { invalidCredential } from '../../credentialFields';
import { OpenGatewayError } from '../../errors';
import { backendGrant } from '../../gateway';
import type { Transport } from '../../http';
import type { Subscriber } from '../../subscriptions';
import type { Run } from '../../transport/run';
import { parseSendOptions } from '../../transport/sendOptions';
import { readApplication } from '../credentials';
import * as identifier from '../identifier';
import { readOptionalDevice, type ReadField } from '../identifier';
import { optionsWith } from '../options';
import { errors } from './errors';

/**
 * The fields of an operation on subscriptions: its own, those of the device, and its options.
 * @param device the fields that identify it
 */
export const descriptionFor = (
	operation: string,
	fields: INodeProperties[],
	device = identifier.ownerDescription,
	options: INodeProperties[] = [],
): INodeProperties[] =>
	updateDisplayOptions({ show: { resource: ['subscription'], operation: [operation] } }, [
		...fields,
		...device,
		optionsWith(...options),
	]);

export const subscriptionId: INodeProperties = {
	displayName: 'Subscription ID',
	name: 'subscriptionId',
	type: 'string',
	required: true,
	default: '',
	description: 'Identifier that the operator gave when the subscription was created',
};

/** @throws {OpenGatewayError} `INVALID_OPTION` */
export function readSubscriptionId(field: ReadField): string {
	const written = field('subscriptionId');
	const id = typeof written === 'string' ? written.trim() : '';
	// Dots alone would be resolved in the path of the request.
	if (id !== '' && id.length <= 256 && !/^\.\.?$/.test(id)) return id;
	throw invalidField("'Subscription ID' is missing or wrong.");
}

export function invalidField(happened: string, remedy = 'Correct it.'): OpenGatewayError {
	return new OpenGatewayError(happened, { remedy, code: 'INVALID_OPTION' });
}

type Execute = (
	subscriber: Subscriber,
	field: ReadField,
	transport: Transport,
) => Promise<IDataObject | IDataObject[]>;

/** Executes an operation that names its device, for each item. */
export const prepareFor = (execute: Execute) =>
	async function prepare(this: IExecuteFunctions, run: Run) {
		if (this.getNodeParameter('authentication', 0) === 'oAuth2') {
			throw invalidCredential(
				'Subscriptions need a credential of the type Open Gateway API.',
				"Select Application in 'Authentication': an OAuth2 credential is for the phone that connected it.",
			);
		}
		const application = await readApplication(this);
		const options = parseSendOptions(this.getNodeParameter('options', 0) as IDataObject);
		const transports = await run.transports(application.fingerprint, options);
		return async (itemIndex: number) => {
			const field: ReadField = (name) => this.getNodeParameter(name, itemIndex);
			const subscriber = { application, device: readOptionalDevice(field), errors };
			return await execute(subscriber, field, transports(itemIndex));
		};
	};

/** Executes an operation whose access says which device's subscriptions it reaches, for each item. */
export const prepareForOwner = (execute: Execute) =>
	prepareFor(async (subscriber, field, transport) => {
		const { application, device } = subscriber;
		if (device && backendGrant(application).subject === 'application') throw reachesAll();
		return await execute(subscriber, field, transport);
	});

function reachesAll(): OpenGatewayError {
	return new OpenGatewayError(
		'With this credential, access is for all subscriptions of the application, not for those of one device.',
		{ remedy: "Select None in 'Identify Device By'.", code: 'UNSUPPORTED_DEVICE' },
	);
}
