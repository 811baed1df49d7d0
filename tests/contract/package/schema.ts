interface Property {
  readonly plain?: boolean;
  readonly description?: string;
}

/** The part of a Pulumi package schema that the tests read. */
export interface PackageSchema {
  readonly name: string;
  readonly version: string;
  readonly types: Readonly<Record<string, { readonly properties?: Readonly<Record<string, Property>> }>>;
  readonly resources: Readonly<
    Record<
      string,
      {
        readonly isComponent: boolean;
        readonly required: readonly string[];
        readonly requiredInputs: readonly string[];
        readonly properties: Readonly<Record<string, Property>>;
        readonly inputProperties: Readonly<Record<string, Property>>;
      }
    >
  >;
}
