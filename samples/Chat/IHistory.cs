using IrohRpc;

namespace Chat;

/// <summary>What a member asks a single other one, over a connection of their own.</summary>
[Alpn("irohrpc-chat-history/1")]
internal partial interface IHistory
{
    /// <summary>What was said lately in a room, oldest first; nothing where the member is not in it.</summary>
    IAsyncEnumerable<ChatLine> RecentAsync(string room, CancellationToken cancellationToken = default);
}
