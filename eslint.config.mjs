import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const communityNodes = n8nCommunityNodesPlugin.configs.recommended;
const shipped = ['nodes/**/*.ts', 'credentials/**/*.ts'];

export default defineConfig(
	globalIgnores(['dist', '.n8n-runtime', '.stryker-tmp', '.mutation', 'test/.recordings']),
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		linterOptions: { reportUnusedDisableDirectives: 'error' },
	},
	// n8n's rules for what it ships to its users: code …
	{ files: shipped, extends: [communityNodes], plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{ files: ['nodes/**/*.ts'], rules: n8nNodesBase.configs.nodes.rules },
	{ files: ['credentials/**/*.ts'], rules: n8nNodesBase.configs.credentials.rules },
	// … and package.json.
	{
		files: ['package.json'],
		extends: [communityNodes],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: n8nNodesBase.configs.community.rules,
	},
	// One style: imports in one block, `test`, and literal constants of a module in upper case.
	{
		files: ['**/*.ts'],
		rules: {
			'padding-line-between-statements': [
				'error',
				{ blankLine: 'never', prev: 'import', next: 'import' },
			],
			'no-restricted-globals': ['error', { name: 'it', message: 'Use `test`.' }],
			'no-restricted-syntax': [
				'error',
				...['Program', 'ExportNamedDeclaration'].map((parent) => ({
					selector: `${parent} > VariableDeclaration[kind="const"] > VariableDeclarator[init.type=/^(Literal|BinaryExpression)$/] > Identifier.id[name=/[a-z]/]`,
					message: 'A literal constant of a module is written in UPPER_CASE.',
				})),
			],
		},
	},
	// The few rules that cannot be kept, each with its reason.
	{
		files: shipped,
		rules: {
			// Older than typed connections: they ask for 'main' where the newer plugin's
			// node-connection-type-literal asks for NodeConnectionTypes.Main.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			// For pages of n8n's own documentation; a community package gives a URL, as the newer
			// plugin's credential-documentation-url asks.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// Takes the Key ID, which is public, for a secret. The newer plugin's
			// credential-password-field watches over those that are.
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
);
