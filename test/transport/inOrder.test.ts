import { inOrder } from '../../nodes/OpenGateway/transport/inOrder';

describe('items in order', () => {
	test('have their results in their order', async () => {
		const results = await inOrder(100, async (at) => await Promise.resolve(at));
		expect(results).toEqual(Array.from({ length: 100 }, (_, at) => at));
	});

	test('leave n8n time for other work before all of them have begun', async () => {
		const begun: number[] = [];
		const atFirstTurn = new Promise<number>((resolve) => setImmediate(() => resolve(begun.length)));
		await inOrder(1000, async (at) => {
			begun.push(at);
			await new Promise((resolve) => setTimeout(resolve, 50));
		});
		expect(begun).toHaveLength(1000);
		expect(await atFirstTurn).toBeLessThan(1000);
	});

	test('do not begin once one has failed', async () => {
		const begun: number[] = [];
		const work = async (at: number) => {
			begun.push(at);
			await Promise.reject(new Error(`Item ${at}`));
		};
		await expect(inOrder(1000, work)).rejects.toThrow('Item 0');
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(begun.length).toBeLessThan(100);
	});
});
