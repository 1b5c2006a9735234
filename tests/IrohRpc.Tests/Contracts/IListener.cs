namespace IrohRpc.Tests;

/// <summary>A contract whose objects are passed to be called back.</summary>
[Alpn("listener/1")]
public partial interface IListener
{
    ValueTask<string> HearAsync(string text, CancellationToken cancellationToken = default);
}
