namespace Tunnel;

/// <summary>What a person sees of a running tunnel. Standard output is not its place: that belongs to the ticket.</summary>
internal interface ITunnelView : IAsyncDisposable
{
    /// <summary>Something worth knowing happened.</summary>
    void Line(string text);

    /// <summary>Something went wrong that a person may want to mend.</summary>
    void Trouble(string text);
}
