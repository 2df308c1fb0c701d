/** A comment on an issue or pull request. */
export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  /** The login of who wrote it; of an app with its "[bot]". */
  readonly author: string;
  body: string;
  /** Somebody hid it. */
  minimized: boolean;
  readonly createdAt: string;
  updatedAt: string;
}

/** A pull request. */
export interface StoredPull {
  readonly number: number;
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly headSha: string;
  readonly headRef: string;
  /** The owner of the repository that the branch is in: another one than the stand-in's for a fork. */
  readonly headOwner: string;
  /** More commits that belong to it, such as the one that merged it. */
  readonly commits: readonly string[];
}

/** One status of a deployment. */
export interface StoredStatus {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly logUrl: string;
  readonly environmentUrl: string;
  readonly createdAt: string;
}

/** A deployment, with its statuses from the oldest to the newest. */
export interface StoredDeployment {
  readonly id: number;
  readonly ref: string;
  readonly environment: string;
  readonly transient: boolean;
  readonly production: boolean;
  readonly payload: unknown;
  readonly description: string | null;
  readonly creator: string;
  readonly createdAt: string;
  readonly statuses: StoredStatus[];
}

/** All that the stand-in knows of its one repository. */
export class GitHubState {
  readonly comments: StoredComment[] = [];
  readonly pulls: StoredPull[] = [];
  readonly deployments: StoredDeployment[] = [];
  #lastId = 1000;

  /** Ids grow, as GitHub's do. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  addPull(pull: Partial<StoredPull> & { readonly number: number; readonly headOwner: string }): StoredPull {
    const defaults = {
      state: "open",
      merged: false,
      headSha: "a".repeat(40),
      headRef: "topic",
      commits: [],
    } as const;
    const added = { ...defaults, ...pull };
    this.pulls.push(added);
    return added;
  }

  addComment(comment: { issue: number; author: string; body: string; minimized?: boolean }): StoredComment {
    const now = new Date().toISOString();
    const added = { minimized: false, ...comment, id: this.nextId(), createdAt: now, updatedAt: now };
    this.comments.push(added);
    return added;
  }

  /** Whether there was one to remove. */
  removeComment(id: number): boolean {
    const index = this.comments.findIndex((comment) => comment.id === id);
    if (index >= 0) this.comments.splice(index, 1);
    return index >= 0;
  }

  addDeployment(deployment: Omit<StoredDeployment, "id" | "createdAt" | "statuses">): StoredDeployment {
    const createdAt = new Date().toISOString();
    const added: StoredDeployment = { ...deployment, id: this.nextId(), createdAt, statuses: [] };
    this.deployments.push(added);
    return added;
  }

  /** Adds a status; a success ends, as on GitHub, older deployments that are neither transient nor of production. */
  addStatus(
    deployment: StoredDeployment,
    status: Omit<StoredStatus, "id" | "createdAt">,
    autoInactive: boolean,
  ): StoredStatus {
    const added = { ...status, id: this.nextId(), createdAt: new Date().toISOString() };
    deployment.statuses.push(added);
    if (status.state !== "success" || !autoInactive) return added;
    for (const other of this.deployments) {
      const isEnded = other.statuses.at(-1)?.state !== "success";
      const isOther = other === deployment || other.environment !== deployment.environment;
      if (isEnded || isOther || other.transient || other.production) continue;
      this.addStatus(other, { state: "inactive", description: "", logUrl: "", environmentUrl: "" }, false);
    }
    return added;
  }
}
