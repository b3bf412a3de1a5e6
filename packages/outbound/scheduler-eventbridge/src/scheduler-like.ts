/** A schedule to create, as EventBridge Scheduler takes it. */
export interface NewSchedule {
  readonly Name: string;
  readonly GroupName: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly StartDate?: Date;
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' };
  readonly ClientToken: string;
  readonly Description: string;
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly DeadLetterConfig?: { readonly Arn: string };
    readonly RetryPolicy: {
      readonly MaximumRetryAttempts: number;
      readonly MaximumEventAgeInSeconds: number;
    };
  };
}

/** A page of schedules of a group. */
export interface ListedSchedules {
  readonly Schedules?: readonly { readonly Name?: string | undefined }[] | undefined;
  readonly NextToken?: string | undefined;
}

/** The part of EventBridge Scheduler that is used. */
export interface SchedulerLike {
  createSchedule(input: NewSchedule): Promise<unknown>;
  deleteSchedule(input: { readonly Name: string; readonly GroupName: string }): Promise<unknown>;
  listSchedules(input: {
    readonly GroupName: string;
    readonly NamePrefix?: string;
    readonly NextToken?: string;
    readonly MaxResults: number;
  }): Promise<ListedSchedules>;
  destroy?(): void;
}

/** How to reach it. */
export interface SchedulerClientSettings {
  readonly region?: string;
  /** For a private endpoint, or a fake one. */
  readonly endpoint?: string;
}
