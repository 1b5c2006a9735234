namespace IrohRpc;

/// <summary>For how long an object of a mapped service lives.</summary>
public enum PeerServiceLifetime
{
    /// <summary>
    /// One for each call, in a scope of its own. Scope and object are disposed of after the call has ended and everything that it streams has.
    /// </summary>
    Call,

    /// <summary>One for each connection, in a scope of its own, which is disposed of after the connection and its calls have ended: it knows its peer and may keep state about it.</summary>
    Connection,

    /// <summary>One for all, called from several threads at once unless <see cref="RpcOptions.Sequential"/> says otherwise.</summary>
    Singleton,
}
