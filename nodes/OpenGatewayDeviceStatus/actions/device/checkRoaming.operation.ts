import {
	updateDisplayOptions,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { OpenGatewayError } from '../../errors';
import { parseApplication, parseService } from '../../gateway/application';
import {
	checkRoaming,
	checkRoamingOfCallback,
	checkRoamingOfSignedIn,
} from '../../gateway/gateway';
import { n8nHost, signedInSend, signInAgain } from '../../gateway/host';
import * as identifier from './identifier';

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
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: identifier.options,
			},
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
	],
);

/** The device and its roaming status; every field is always there. */
export async function execute(this: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const parameter = (name: string) => this.getNodeParameter(name, itemIndex);
	const deviceFrom = parameter('deviceFrom');
	if (parameter('authentication') === 'oAuth2') {
		const credential = await this.getCredentials('openGatewayOAuth2Api', itemIndex);
		const service = parseService(credential);
		const device = deviceFrom === 'signIn' ? undefined : identifier.readDevice(this, itemIndex);
		if (device && !service.operator.confirmsDevice) throw signedInAlready();
		if (!credential.oauthTokenData) throw signInAgain();
		const status = await checkRoamingOfSignedIn(service, device, signedInSend(this));
		return { device: device ?? null, ...status };
	}

	const application = parseApplication(await this.getCredentials('openGatewayApi', itemIndex));
	const host = n8nHost(this);
	if (deviceFrom === 'authorizationCode') {
		const callback = {
			code: parameter('code'),
			state: parameter('state'),
			error: parameter('error'),
			errorDescription: parameter('errorDescription'),
		};
		return { ...(await checkRoamingOfCallback(application, callback, host)) };
	}
	const device = identifier.readDevice(this, itemIndex);
	return { device, ...(await checkRoaming(application, device, host)) };
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
