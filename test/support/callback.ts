import type { IDataObject, INodeParameters } from 'n8n-workflow';

export const REDIRECT_URI = 'http://127.0.0.1:5678/webhook/roaming-back';

/**
 * Parameters of Check Roaming for {@link webhookItem} in `$vars`, so that no execution data holds an
 * authorization code.
 */
export const fromCallback: INodeParameters = {
	identifierType: 'authorizationCallback',
	callbackQuery: '={{ $vars.query }}',
	callbackCookies: '={{ $vars.headers.cookie }}',
	callbackAddress: '={{ $vars.webhookUrl }}',
};

/**
 * What the Webhook node makes of a phone that comes back.
 * @param setCookie the headers that its browser got
 */
export function webhookItem(
	query: IDataObject,
	setCookie: unknown,
	webhookUrl = REDIRECT_URI,
): IDataObject {
	return { query, headers: { cookie: cookiesOf(setCookie) }, webhookUrl };
}

/** The header `Cookie` of a browser that got these headers `Set-Cookie`. */
export function cookiesOf(...setCookies: unknown[]): string {
	return setCookies.map((one) => String(one).split(';', 1)[0]).join('; ');
}
