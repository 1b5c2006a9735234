using IrohRpc;

namespace Chat;

/// <summary>
/// What is called at everybody in a room: <c>topic.Broadcast&lt;IChat&gt;()</c> calls the others, <c>topic.Subscribe&lt;IChat&gt;(…)</c> is called by
/// them. The context says who calls, through however many members the call came.
/// </summary>
[Alpn("irohrpc-chat/1")]
internal partial interface IChat
{
    /// <summary>Something is said.</summary>
    void Say(ChatLine line, CallContext context, CancellationToken cancellationToken);

    /// <summary>The caller is in the room; called again and again.</summary>
    void Here(string name, CallContext context, CancellationToken cancellationToken);

    /// <summary>The caller leaves.</summary>
    void Bye(string name, CallContext context, CancellationToken cancellationToken);
}
