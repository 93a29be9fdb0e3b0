import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';
import { addressFault, isLoopback } from '../../credentialFields';
import { OpenGatewayError } from '../../errors';
import { watchedNode } from './watchedNode';

/** The address of the node's webhook: that of a test while the editor listens for a test event. */
export function webhookAddress(context: Pick<IHookFunctions, 'getNodeWebhookUrl'>): string {
	return context.getNodeWebhookUrl('default') ?? '';
}

/**
 * @param baseUrl of the operator
 * @throws {OpenGatewayError} `INVALID_WEBHOOK_URL` if the operator cannot call the address: only one
 * on the same machine, such as the sandbox, can call the loopback
 */
export function requireReachable(address: string, baseUrl: string): void {
	const isReachable =
		addressFault(address) === undefined &&
		(!isLoopback(new URL(address)) || isLoopback(new URL(baseUrl)));
	if (isReachable) return;
	const [origin = ''] = /^\w+:\/\/[^/]*/.exec(address) ?? [];
	throw new OpenGatewayError(
		`Operators deliver events over the internet by HTTPS, and the webhooks of n8n are at ${origin || 'no web address'}.`,
		{
			remedy:
				"Make n8n reachable from the internet over HTTPS, and set its environment variable WEBHOOK_URL to that address, like https://n8n.example.com/. Or select Asking in 'Find Out By'.",
			code: 'INVALID_WEBHOOK_URL',
		},
	);
}

/** The clock has no way to ask n8n for the address. */
export function rememberAddress(context: IHookFunctions, address: string): void {
	watchedNode(context).address = address;
	const stored = context.getWorkflowStaticData('node');
	if (stored.address !== address) stored.address = address;
}

/** @returns `undefined` until the node was published once */
export async function rememberedAddress(context: ITriggerFunctions): Promise<string | undefined> {
	const known = await watchedNode(context).knownAddress();
	const { address } = context.getWorkflowStaticData('node');
	return known ?? (typeof address === 'string' ? address : undefined);
}
