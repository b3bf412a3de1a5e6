/** A value of a template, functions of CloudFormation among them. */
export type Value =
  string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

export type Properties = Readonly<Record<string, Value>>;

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: 'RetainExceptOnCreate';
  readonly UpdateReplacePolicy?: 'Retain';
  readonly DependsOn?: string;
  readonly Properties: Properties;
}

export type Resources = Readonly<Record<string, Resource>>;

/** A CloudFormation template. */
export interface Template {
  readonly AWSTemplateFormatVersion: '2010-09-09';
  readonly Description: string;
  readonly Parameters: Properties;
  readonly Rules: Properties;
  readonly Conditions: Properties;
  readonly Resources: Resources;
  readonly Outputs: Properties;
}

export const ref = (id: string): Value => ({ Ref: id });
export const attribute = (id: string, name: string): Value => ({ 'Fn::GetAtt': [id, name] });
export const sub = (text: string): Value => ({ 'Fn::Sub': text });
export const join = (separator: string, values: readonly Value[]): Value => ({
  'Fn::Join': [separator, values],
});
/** The value under a condition, and else another: by default as if the property were not there. */
export const when = (condition: string, value: Value, otherwise: Value = NOTHING): Value => ({
  'Fn::If': [condition, value, otherwise],
});
export const NOTHING: Value = { Ref: 'AWS::NoValue' };

/** An ARN of this account and region. `${…}` is filled in by CloudFormation. */
export const arn = (service: string, resource: string): Value =>
  sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
