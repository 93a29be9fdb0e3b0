import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import axios from 'axios';
import { isAlive } from '../../localN8n/process/program';
import { applications } from '../../sandbox/applications';
import { subscribers } from '../../sandbox/subscribers';
import { camara } from '../../sandbox/operators/camara';
import { nokia, rapidApi } from '../../sandbox/operators/nokia';
import { orange, orangeLab } from '../../sandbox/operators/orange';
import { telefonica } from '../../sandbox/operators/telefonica';
import { type RunningSandbox, startSandbox } from '../../sandbox/client';
import { clientOf, seconds } from '../support/sandboxClient';

const root = join(__dirname, '..', '..');
const command = ['--import', 'tsx', join(root, 'sandbox', 'main.ts')];

const started: ChildProcess[] = [];
function run(...flags: string[]) {
	const child = spawn(process.execPath, [...command, ...flags], {
		cwd: root,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	started.push(child);
	return child;
}
afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

async function outcome(child: ReturnType<typeof run>) {
	const [output, error, [code]] = await Promise.all([
		text(child.stdout),
		text(child.stderr),
		once(child, 'exit'),
	]);
	return { output, error, code: code as number };
}

describe('npm run sandbox', () => {
	test.each([
		[['--port', 'http'], '--port takes a whole number from 0 to 65535'],
		[['--port', '70000'], '--port takes a whole number from 0 to 65535'],
		[['--latency', '-5'], '--latency'],
		[['--latency', '1.5'], '--latency takes a whole number from 0 to 60000'],
		[['--colour', 'red'], '--colour'],
		[['8480'], '8480'],
	])('with %j says what is wrong and how it is used', async (flags, message) => {
		const { code, output, error } = await outcome(run(...flags));
		expect([code, output]).toEqual([1, '']);
		expect(error).toContain(message);
		expect(error).toContain('Usage: npm run sandbox');
	});

	test('says in one line that its port is in use', async () => {
		const occupant = createServer().listen(0, '127.0.0.1');
		await once(occupant, 'listening');
		const { port } = occupant.address() as { port: number };
		const { code, error } = await outcome(run('--port', String(port)));
		occupant.close();
		expect(code).toBe(1);
		expect(error.trim().split('\n')).toEqual([expect.stringContaining(`Port ${port} is in use`)]);
	});

	test.each(['SIGINT', 'SIGTERM'] as const)(
		'prints what a credential takes and every subscriber, and nothing else; %s ends it',
		async (signal) => {
			const child = run('--port', '0');
			child.stdout.once('data', () => child.kill(signal));
			const { code, output, error } = await outcome(child);
			expect([code, error]).toEqual([0, '']);
			for (const path of [telefonica.path, camara.path, nokia.path, orange.path, orangeLab.path]) {
				expect(output).toMatch(new RegExp(`Base URL +http://127\\.0\\.0\\.1:\\d+${path}\n`));
			}
			expect(output).toMatch(/events that follow: +http:\/\/127\.0\.0\.1:\d+\/sandbox\/\n/);
			const { roaming, secretPost, privateKey, jwtBearer } = applications;
			const entered = [roaming, secretPost, privateKey, jwtBearer].flatMap((of) =>
				Object.values(of),
			);
			for (const one of [
				...entered,
				telefonica.authorization.fixedToken,
				camara.authorization.fixedToken,
				rapidApi.key,
			]) {
				expect(output).toContain(one);
			}
			for (const { description } of subscribers) expect(output).toContain(description);
		},
	);

	test('ends when the process that started it is gone', async () => {
		const starter = fork(
			join(__dirname, '..', 'support', 'starter.js'),
			[JSON.stringify([join(root, 'sandbox', 'main.ts'), root])],
			{ execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
		);
		started.push(starter);
		const [{ pid }] = (await once(starter, 'message')) as [{ pid: number }];
		starter.kill('SIGKILL');
		for (let tries = 0; isAlive(pid) && tries < 50; tries++) await seconds(0.1);
		expect(isAlive(pid)).toBe(false);
	});
});

describe('The sandbox', () => {
	let sandbox: RunningSandbox;
	let client: ReturnType<typeof clientOf>;
	beforeAll(async () => {
		sandbox = await startSandbox();
		client = clientOf(sandbox.baseUrls.telefonica);
	});
	afterAll(() => sandbox.stop());

	test('is reached from this machine only', async () => {
		const outer = Object.values(networkInterfaces())
			.flat()
			.find((one) => one && !one.internal && one.family === 'IPv4');
		const socket = connect(
			Number(new URL(sandbox.baseUrls.telefonica).port),
			outer?.address ?? '127.0.0.2',
		);
		await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
	});

	test.each([
		['GET', '/bc-authorize', 'POST'],
		['GET', '/token', 'POST'],
		['POST', '/authorize', 'HEAD, GET'],
		['GET', '/device-status/v0/roaming', 'POST'],
		['DELETE', '/device-status/v0/roaming', 'POST'],
		['GET', '/../camara/device-roaming-status/v1/retrieve', 'POST'],
		['PUT', '/../camara/interaction/1', 'HEAD, GET, POST'],
	])('does not take %s %s', async (method, path, allowed) => {
		const answer = await client.request({ method, url: `${sandbox.baseUrls.telefonica}${path}` });
		expect([answer.status, answer.headers.allow]).toEqual([405, allowed]);
		expect(answer.data).toEqual({ code: 'METHOD_NOT_ALLOWED', message: expect.any(String) });
	});

	test.each([
		...['', '/', '/nothing', '/token/', '/device-status/v1/roaming', '/%E0%A4', '/__proto__'],
		...['/.well-known/openid-configuration', '/session/end', '/me'],
		...['/../camara', '/../camara/session/end', '/../device-status', '/..'],
	])('has nothing at %j', async (path) => {
		const answer = await client.request({ url: `${sandbox.baseUrls.telefonica}${path}` });
		expect([answer.status, answer.data.code]).toEqual([404, 'NOT_FOUND']);
	});

	test('refuses an unknown path as each operator does', async () => {
		const { nokia, orange, orangeLab } = sandbox.baseUrls;
		const asked = [nokia, orange, orangeLab].map((url) => client.request({ url: `${url}/x` }));
		const answers = await Promise.all(asked);
		expect(answers.map(({ status, data }) => [status, data.code ?? data.message])).toEqual([
			[404, "Endpoint '/nokia/x' does not exist"],
			[400, 'BAD_REQUEST'],
			[400, 'BAD_REQUEST'],
		]);
	});

	test('keeps what was sent and answered, word for word, until told to forget', async () => {
		await sandbox.forget();
		const { data } = await client.form(
			'/bc-authorize?a=b',
			{ login_hint: 'tel:+34600000001' },
			{ 'x-correlator': 'one' },
		);
		const [exchange, ...others] = await sandbox.exchanges();
		expect(others).toEqual([]);
		expect(exchange).toMatchObject({
			at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
			method: 'POST',
			path: '/apigateway/bc-authorize?a=b',
			headers: { 'x-correlator': 'one', authorization: expect.stringMatching(/^Basic /) },
			body: 'login_hint=tel%3A%2B34600000001',
			status: 400,
			answerHeaders: { 'x-correlator': 'one' },
			answer: JSON.stringify(data),
		});
		await sandbox.forget();
		expect(await sandbox.exchanges()).toEqual([]);
	});

	test('answers as much later as it is told', async () => {
		const answered: string[] = [];
		const poll = async (name: string) => {
			await client.poll(name);
			answered.push(name);
		};
		await sandbox.setLatency(3000);
		const late = poll('late');
		await seconds(1); // it has arrived by now
		await sandbox.setLatency(0);
		await poll('soon');
		await late;
		expect(answered).toEqual(['soon', 'late']);
	});

	test.each(['', '{}', '{"ms":-1}', '{"ms":"50"}', 'null'])(
		'does not take the latency %s',
		async (body) => {
			const url = new URL('/sandbox/latency', sandbox.baseUrls.telefonica).href;
			expect((await client.request({ method: 'PUT', url, data: body })).status).toBe(400);
		},
	);

	test('does not read a body without end', async () => {
		const body = 'x'.repeat(2_000_000);
		await expect(client.roaming('any', body)).rejects.toThrow();
		expect((await client.poll('any')).status).toBe(400);
	});
});

describe('A sandbox that is', () => {
	test('stopped is gone, with its connections', async () => {
		const sandbox = await startSandbox();
		await axios.get(new URL('/sandbox/exchanges', sandbox.baseUrls.telefonica).href, {
			proxy: false,
		});
		await sandbox.stop();
		await sandbox.stop();
		await expect(sandbox.exchanges()).rejects.toThrow('ECONNREFUSED');
	});

	test('killed while it answers breaks the connection', async () => {
		const sandbox = await startSandbox({ latencyMs: 10_000 });
		const answer = clientOf(sandbox.baseUrls.telefonica).poll('any');
		const broken = expect(answer).rejects.toThrow();
		await seconds(0.3);
		await sandbox.kill();
		await broken;
	});
});
