import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { invalidCredential } from '../../credentialFields';
import { roamingStatus } from '../../apis/roamingStatus';
import { createAuthorizationUrl } from '../../gateway';
import { parseSendOptions } from '../../transport/sendOptions';
import type { Run } from '../../transport/run';
import { parseExpiresIn, parseForAnyone, parseRedirectUri, parseReference } from './redirect';
import { readApplication } from '../credentials';
import * as identifier from '../identifier';

export const description: INodeProperties[] = updateDisplayOptions(
	{ show: { resource: ['authorization'], operation: ['createUrl'] } },
	[
		{
			displayName: 'Redirect URI',
			name: 'redirectUri',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://your-n8n/webhook/roaming-callback',
			description:
				'Address to which the operator sends the phone back: the production URL of your second webhook, exactly as registered with the operator',
		},
		...identifier.optionalDescription,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			options: [
				...identifier.options,
				{
					displayName: 'Expires After (Seconds)',
					name: 'expiresIn',
					type: 'number',
					typeOptions: { minValue: 1, maxValue: 604800 },
					default: 600,
					description:
						'How long the callback is accepted. Increase it if the phone’s owner needs more time to answer the operator.',
				},
				{
					displayName: 'Let Anyone Use the URL',
					name: 'forAnyone',
					type: 'boolean',
					default: false,
					description:
						'Whether another browser may come back than the one that got the cookie. Whoever forwards the URL then gets the answer about another’s phone under their own reference.',
				},
				{
					displayName: 'Reference',
					name: 'reference',
					type: 'string',
					default: '',
					placeholder: 'e.g. customer number',
					description:
						'Key that comes back with the answer, so that you know whom it is about. The phone’s owner can neither read nor change it.',
				},
			],
		},
	],
);

/** The URL, until when its callback is accepted (RFC 3339), and the cookie of its browser. */
export async function prepare(
	this: IExecuteFunctions,
	run: Run,
): Promise<(itemIndex: number) => Promise<IDataObject>> {
	if (this.getNodeParameter('authentication', 0) === 'oAuth2') {
		throw invalidCredential(
			"'Create Authorization URL' needs a credential of the type Open Gateway API.",
			'Select one in the node: an OAuth2 credential is for the phone that connected it.',
		);
	}
	const application = await readApplication(this);
	const transports = await run.transports(application.fingerprint, parseSendOptions({}));
	return async (itemIndex) => {
		const field = (name: string) => this.getNodeParameter(name, itemIndex);
		const options = field('options') as IDataObject;
		const request = {
			redirectUri: parseRedirectUri(field('redirectUri')),
			expiresIn: parseExpiresIn(options.expiresIn),
			reference: parseReference(options.reference),
			forAnyone: parseForAnyone(options.forAnyone),
			device: identifier.readOptionalDevice(field),
		};
		return {
			...(await createAuthorizationUrl(roamingStatus, application, request, transports(itemIndex))),
		};
	};
}
