import { OpenGatewayError } from '../../nodes/OpenGateway/errors';
import { CircuitBreaker } from '../../nodes/OpenGateway/transport/circuitBreaker';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const TEN_SECONDS = 10_000;
const lost = (message = 'Lost') => new OpenGatewayError(message, { code: 'TIMEOUT', remedy: '' });

/** Gives up requests in a row, each for its own reason. */
function giveUp(breaker: CircuitBreaker, times: number): void {
	for (let nth = 1; nth <= times; nth++) breaker.onGiveUp(lost(`Lost ${nth}`));
}

function openBreaker(): CircuitBreaker {
	const breaker = new CircuitBreaker();
	giveUp(breaker, 10);
	return breaker;
}

test('a circuit breaker opens when ten requests in a row were given up, with the last error', () => {
	const breaker = new CircuitBreaker();
	giveUp(breaker, 9);
	expect(breaker.openError).toBeUndefined();
	breaker.onGiveUp(lost('The last one'));
	expect(breaker.openError?.message).toBe('The last one');
});

test('a response in between keeps the circuit closed', () => {
	const breaker = new CircuitBreaker();
	giveUp(breaker, 9);
	breaker.onSuccess();
	giveUp(breaker, 9);
	expect(breaker.openError).toBeUndefined();
});

test('an open circuit is half-open after ten seconds', () => {
	const breaker = openBreaker();
	jest.advanceTimersByTime(TEN_SECONDS - 1);
	expect(breaker.openError).toBeDefined();
	jest.advanceTimersByTime(1);
	expect(breaker.openError).toBeUndefined();
});

test('a request given up in a half-open circuit opens it again', () => {
	const breaker = openBreaker();
	jest.advanceTimersByTime(TEN_SECONDS);
	breaker.onGiveUp(lost('Still lost'));
	expect(breaker.openError?.message).toBe('Still lost');
});

test('a response in a half-open circuit closes it', () => {
	const breaker = openBreaker();
	jest.advanceTimersByTime(TEN_SECONDS);
	breaker.onSuccess();
	breaker.onGiveUp(lost());
	expect(breaker.openError).toBeUndefined();
});
