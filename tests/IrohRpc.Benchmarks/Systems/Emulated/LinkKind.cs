namespace IrohRpc.Benchmarks.Systems.Emulated;

/// <summary>A link that stands for a distant peer, since a kernel without <c>netem</c> cannot make one.</summary>
/// <param name="Suffix">What the transport's name ends in.</param>
/// <param name="OneWay">How long a datagram takes.</param>
/// <param name="Loss">The share of datagrams that is lost.</param>
internal sealed record LinkKind(string Suffix, TimeSpan OneWay, double Loss)
{
    public static readonly LinkKind Far = new("-far", TimeSpan.FromMilliseconds(25), 0);

    public static readonly LinkKind Farther = new("-farther", TimeSpan.FromMilliseconds(50), 0);

    public static readonly LinkKind Lossy = new("-lossy", TimeSpan.FromMilliseconds(25), 0.01);
}
