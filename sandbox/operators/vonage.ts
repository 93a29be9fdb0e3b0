/** Vonage and Deutsche Telekom: Identity Insights, whose clients sign a bearer token themselves. */
import { createPublicKey, verify } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { purposes } from '../../nodes/OpenGateway/authorization/purpose';
import { applications, type Keys } from '../applications';
import { isLandline } from '../subscribers';
import { type Access, Invalid, jsonBody, members, type Operator, type Refusal } from './operation';

/** Longest lifetime of a token (s). */
const MAX_LIFETIME_S = 24 * 3600;

/** Verifies the application's JWT (RS256), without which nothing is answered. */
const front: Middleware = async (ctx, next) => {
	const [, token = ''] = /^Bearer +(\S+)$/i.exec(ctx.get('authorization')) ?? [];
	if (isValid(token, ctx.state.jwks as Keys['jwks'])) return await next();
	ctx.status = 401;
	ctx.body = problem(401, 'Unauthorized', 'You did not provide correct credentials.');
};

function isValid(token: string, { keys }: Keys['jwks']): boolean {
	const [header = '', claims = '', signature = ''] = token.split('.');
	const read = (part: string) =>
		JSON.parse(Buffer.from(part, 'base64url').toString() || '{}') as Record<string, unknown>;
	try {
		const { application_id: id, iat, exp, jti } = read(claims);
		const now = Date.now() / 1000;
		const key = keys.find(({ kty }) => kty === 'RSA');
		return (
			read(header)['alg'] === 'RS256' &&
			id === applications.privateKey.clientId &&
			typeof jti === 'string' &&
			Number(iat) <= now &&
			Number(exp) > now &&
			Number(exp) - Number(iat) <= MAX_LIFETIME_S &&
			verify(
				'sha256',
				Buffer.from(`${header}.${claims}`),
				createPublicKey({ key: key!, format: 'jwk' }),
				Buffer.from(signature, 'base64url'),
			)
		);
	} catch {
		return false;
	}
}

function problem(status: number, title: string, detail: string): object {
	return { type: `https://developer.vonage.com/errors#${title}`, title, detail, status };
}

export const vonage = {
	path: '/vonage',
	front,
	credential: { 'Client ID': applications.privateKey.clientId },
	codes: { invalid: 'Bad Request', unauthenticated: 'Unauthorized', forbidden: 'Forbidden' },
	errorBody: ({ status, code, message }: Refusal) => problem(status, code, message),
	apis: {
		roamingStatus: { path: '/identity-insights/v1/requests', scopes: [], answer: insights },
	},
} satisfies Operator;

function insights(ctx: Context, access: Access): object {
	const body = members(jsonBody(ctx), 'The body', ['phone_number', 'purpose', 'insights']);
	const { phone_number: number, purpose, insights: wanted } = body;
	const { roaming } = members(wanted, 'insights', ['roaming']);
	members(roaming, 'insights.roaming', []);
	if (typeof number !== 'string') throw new Invalid('phone_number must be a string');
	access.asked([number]);
	const roamingInsight = insight(number, purpose, access);
	return { request_id: 'made-up-request-id', insights: { roaming: roamingInsight } };
}

/** The insight, with a status of its own: whatever it is, the response is HTTP 200. */
function insight(number: string, purpose: unknown, { subscriberOf }: Access): object {
	const failed = (code: string, message: string) => ({ status: { code, message } });
	if (!/^\+[1-9]\d{4,14}$/.test(number)) {
		return failed('INVALID_NUMBER_FORMAT', 'The number is not in E.164 format');
	}
	if (!purposes.some(({ value }) => value === purpose)) {
		return failed('INVALID_PURPOSE', 'The purpose is missing or not allowed');
	}
	const { consent, status } = subscriberOf(number);
	if (!consent) return failed('NOT_FOUND', 'Nothing is known about this number');
	if (!consent.given) return failed('UNAUTHORIZED', 'The request is not authorized');
	if (isLandline(number)) return failed('UNSUPPORTED_NETWORK_TYPE', 'This is not a mobile number');
	if (!status) return failed('SUPPLIER_ERROR', 'The operator did not answer');
	const { roaming, countryName } = status;
	return {
		latest_status_at: new Date().toISOString(),
		is_roaming: roaming,
		...(countryName && { country_codes: countryName }),
		status:
			roaming && !countryName
				? { code: 'PARTIAL_SUCCESS', message: 'Some attributes are not available' }
				: { code: 'OK', message: 'Success' },
	};
}
