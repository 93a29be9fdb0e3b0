import { Duplicates } from '../../nodes/OpenGateway/triggers/byEvents/duplicates';

const NODE = 'node';
const event = (id: number) => ({
	id: ['https://operator.example.com', String(id)],
	subscription: 'one',
});

test('an event is a duplicate from the second time on', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note(NODE, event(1))).toBeDefined();
	expect(duplicates.note(NODE, event(1))).toBeUndefined();
	expect(duplicates.note(NODE, event(1))).toBeUndefined();
	expect(duplicates.note(NODE, event(2))).toBeDefined();
});

test('the same event at two nodes is no duplicate', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note('one', event(1))).toBeDefined();
	expect(duplicates.note('another', event(1))).toBeDefined();
});

test('of one happening that two subscriptions tell, the second is a duplicate', () => {
	const duplicates = new Duplicates();
	const told = (id: string, subscription: string, happening = 'abroad') => ({
		id: ['source', id],
		happening: [happening],
		subscription,
	});
	expect(duplicates.note(NODE, told('1', 'one'))).toBeDefined();
	expect(duplicates.note(NODE, told('2', 'another'))).toBeUndefined();
	// What was a duplicate was not noted.
	expect(duplicates.note(NODE, told('2', 'another', 'home'))).toBeDefined();
	// One subscription may tell of two happenings that look alike.
	expect(duplicates.note(NODE, told('3', 'one'))).toBeDefined();
});

test('names are not taken for one another by where they are divided', () => {
	const duplicates = new Duplicates();
	expect(duplicates.note(NODE, { id: ['a', 'b,c'], subscription: 'one' })).toBeDefined();
	expect(duplicates.note(NODE, { id: ['a,b', 'c'], subscription: 'one' })).toBeDefined();
});

test('what is stored outlasts the process: the latest 100 digests, of which none is long', () => {
	const earlier = new Duplicates();
	const noted = Array.from({ length: 150 }, (_, id) => earlier.note(NODE, event(id)));
	const stored = noted.at(-1)!.stored();
	expect(stored).toHaveLength(100);
	expect(JSON.stringify(stored).length).toBeLessThan(1500);
	const later = new Duplicates();
	expect(later.note(NODE, event(149), stored)).toBeUndefined();
	expect(later.note(NODE, event(50), stored)).toBeUndefined();
	expect(later.note(NODE, event(49), stored)).toBeDefined();
});

test('a request whose copy lacks the events of others stores them, too', () => {
	const duplicates = new Duplicates();
	const before = duplicates.note(NODE, event(0))!.stored();
	const requests = Array.from({ length: 50 }, (_, id) =>
		duplicates.note(NODE, event(id + 1), before),
	);
	const later = new Duplicates();
	const stored = requests[0]!.stored();
	for (let id = 0; id <= 50; id++) expect(later.note(NODE, event(id), stored)).toBeUndefined();
});

test('an event that was not taken may come again', () => {
	const duplicates = new Duplicates();
	duplicates.note(NODE, event(1))!.forget();
	const again = duplicates.note(NODE, event(1));
	expect(again).toBeDefined();
	expect(again!.stored()).toHaveLength(1);
});

test('the oldest are forgotten when there are too many', () => {
	const duplicates = new Duplicates(3);
	for (const id of [1, 2, 3, 4]) duplicates.note(NODE, event(id));
	expect(duplicates.note(NODE, event(2))).toBeUndefined();
	expect(duplicates.note(NODE, event(1))).toBeDefined();
});
