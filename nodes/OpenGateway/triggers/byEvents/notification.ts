import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	return { noWebhookResponse: true };
}
