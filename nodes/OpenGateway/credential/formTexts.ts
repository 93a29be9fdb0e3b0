/** The entries of a table as the choices of a field: all of them, or those that `offered` names. */
export function optionsOf(
	table: Readonly<Record<string, { displayName: string; description: string }>>,
	offered: readonly string[] = Object.keys(table),
) {
	return Object.entries(table)
		.filter(([value]) => offered.includes(value))
		.map(([value, { displayName: name, description }]) => ({ name, value, description }));
}

/** What the field Base URL says, and whether it may be left empty. */
export function baseUrlTexts(defaultBaseUrl: string | undefined) {
	return defaultBaseUrl === undefined
		? {
				required: true,
				placeholder: 'e.g. https://api.example.com/apigateway',
				description:
					'Address of the operator’s APIs: everything before the name of the API, as in /device-roaming-status/v1',
			}
		: {
				required: false,
				placeholder: defaultBaseUrl,
				description: 'Address of the operator’s APIs. Leave empty to use the default.',
			};
}
