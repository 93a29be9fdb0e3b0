import { subscriptionErrors } from '../../nodes/OpenGateway/operators/sharedErrors';
import type { NextMove } from '../../nodes/OpenGateway/errors';
import { openGatewayApi } from '../support/credential';
import { textOf } from '../support/refusal';
import { startScriptedOperator, type ScriptedOperator } from '../support/scriptedOperator';
import { triggerInEngine } from '../support/triggerInEngine';

/** Every code of the API of subscriptions, provoked by publishing the trigger. */
let operator: ScriptedOperator;
let refusal: { status: number; code: string };

beforeAll(async () => {
	operator = await startScriptedOperator(({ method, path }) => {
		if (path.endsWith('/token')) {
			return { body: { access_token: 'made-up-token', token_type: 'Bearer' } };
		}
		if (method === 'GET') return { body: [] };
		const { status, code } = refusal;
		return { status, body: { status, code, message: 'No, not for +34600000001' } };
	});
});
afterAll(async () => await operator.close());

async function messageWith(code: string, status: number): Promise<string> {
	refusal = { code, status };
	const credential = openGatewayApi({
		...{ operator: 'camara', baseUrl: operator.baseUrl, tokenUrl: `${operator.baseUrl}/token` },
		authorizationGrant: 'clientCredentials',
	});
	const trigger = triggerInEngine(credential, {
		...{ event: ['started'], identifierType: 'phoneNumber', devices: '+34600000001' },
		...{ detectBy: 'events', options: { retries: 0 } },
	});
	return await trigger.publish().then(
		() => 'published',
		(error: Error) => error.message,
	);
}

const rows: Array<[code: keyof typeof subscriptionErrors, status: number, nextMove: NextMove]> = [
	['INVALID_SINK', 400, 'you'],
	['INVALID_PROTOCOL', 400, 'you'],
	['INVALID_CREDENTIAL', 400, 'operator'],
	['INVALID_TOKEN', 400, 'operator'],
	['SUBSCRIPTION_MISMATCH', 403, 'registration'],
	['MULTIEVENT_SUBSCRIPTION_NOT_SUPPORTED', 422, 'operator'],
	['ALREADY_EXISTS', 409, 'you'],
];

test.each(rows)('the operator refuses a subscription with %s', async (code, status, nextMove) => {
	const message = await messageWith(code, status);
	const text = subscriptionErrors[code];
	expect(message).toContain(textOf(text, '+346•••••001'));
	expect(message).toContain(`HTTP ${status} ${code}, “No, not for +346•••••001”`);
	expect(message).not.toMatch(/600000001|made-up|undefined|null|\{|\}/);
	expect(text.nextMove).toBe(nextMove);
});

test('a token that is refused is not taken for that of the sink', async () => {
	const message = await messageWith('INVALID_TOKEN', 401);
	expect(message).not.toContain(subscriptionErrors.INVALID_TOKEN.happened);
});

test('no code is left out above', () => {
	expect(rows.map(([code]) => code).sort()).toEqual(Object.keys(subscriptionErrors).sort());
});
