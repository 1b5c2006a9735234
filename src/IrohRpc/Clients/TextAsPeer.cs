using System.ComponentModel;
using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>Overloads that do not compile, and say what does: a text may be mistyped, and has to be parsed where that can be told to whoever typed it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TextAsPeer
{
    private const string ParseIt = "A text is parsed first: EndpointTicket.Parse(text) for a ticket, EndpointAddress.Parse(text) for a ticket or an id.";

    /// <summary>Does not compile: the text is parsed first.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="text">A text.</param>
    /// <param name="options">Options.</param>
    [Obsolete(ParseIt, error: true)]
    public static T Connect<T>(this PeerEndpoint endpoint, string text, ClientOptions? options = null)
        where T : class, IContract<T>
        => throw new NotSupportedException(ParseIt);

    /// <inheritdoc cref="Connect{T}(PeerEndpoint, string, ClientOptions)"/>
    [Obsolete(ParseIt, error: true)]
    public static ValueTask<PeerClient<T>> ConnectAsync<T>(this PeerEndpoint endpoint, string text, ClientOptions? options = null, T? service = null, CancellationToken cancellationToken = default)
        where T : class, IContract<T>
        => throw new NotSupportedException(ParseIt);

    /// <inheritdoc cref="Connect{T}(PeerEndpoint, string, ClientOptions)"/>
    [Obsolete(ParseIt, error: true)]
    public static PeerChannel CreateChannel(this PeerEndpoint endpoint, string text, PeerChannelOptions? options = null) => throw new NotSupportedException(ParseIt);
}
