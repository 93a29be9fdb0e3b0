import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsPage } from '../scripts/errorsPage';

const root = join(__dirname, '..');

test('docs/errors.md says what the code says', () => {
	const file = join(root, 'docs', 'errors.md');
	const page = errorsPage();
	if (process.env.UPDATE_DOCS) writeFileSync(file, page);

	expect(readFileSync(file, 'utf8')).toBe(page);
});
