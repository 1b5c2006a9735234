using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IrohRpc.Transports.Conformance;

/// <summary>
/// Nothing is left behind: no object, no file descriptor. Since that is counted for the whole process, the deriving class goes into a collection that
/// runs alone.
/// </summary>
public abstract class LeakConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Fact]
    public async Task Disposed_connections_are_collected()
    {
        ConformancePeer acceptor = NewPeer();
        ConformancePeer dialler = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        List<WeakReference> references = await UseAsync(listener, dialler, acceptor, connections: 5);
        await UntilAsync(
            () => references.TrueForAll(reference => !reference.IsAlive),
            () => $"{references.Count(reference => reference.IsAlive)} of {references.Count} connections and streams are still held.");
    }

    [Fact]
    public async Task Finished_streams_are_collected_while_their_connection_lives()
    {
        ConnectedPair pair = await ConnectAsync();
        List<WeakReference> references = await UseStreamsAsync(pair, 20);
        await UntilAsync(
            () => references.TrueForAll(reference => !reference.IsAlive),
            () => $"{references.Count(reference => reference.IsAlive)} of {references.Count} streams are still held.");
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Disposed_listeners_are_collected()
    {
        List<WeakReference> references = [];
        for (int i = 0; i < 3; i++)
        {
            references.Add(await ListenAndDisposeAsync());
        }

        await UntilAsync(
            () => references.TrueForAll(reference => !reference.IsAlive),
            () => $"{references.Count(reference => reference.IsAlive)} of {references.Count} listeners are still held.");
    }

    [Fact]
    public async Task File_descriptors_are_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "File descriptors are counted in /proc, which only Linux has.");
        ConformancePeer acceptor = NewPeer();
        ConformancePeer dialler = NewPeer();

        // The first round opens what the runtime and the libraries keep for good, or most of it: one more comes late. What leaks does in each round.
        const int rounds = 5;
        await RoundAsync();
        int before = CountDescriptors();
        for (int i = 0; i < rounds; i++)
        {
            await RoundAsync();
        }

        await UntilAsync(() => CountDescriptors() < before + rounds, () => $"{before} file descriptors became {CountDescriptors()}.");

        async Task RoundAsync()
        {
            var request = new ListenRequest(Subject.ListenOn, ["conformance/1"], new PeerOptions().ToSettings(acceptor));
            ITransportListener listener = await Transport.ListenAsync(request, Token).Bounded();
            await UseAsync(listener, dialler, acceptor, connections: 3);
            var wrong = new DialRequest(acceptor.Id, ["other"], new PeerOptions().ToSettings(dialler));
            await Assert.ThrowsAsync<PeerException>(() => Transport.DialAsync(listener.LocalAddress, wrong, Token).Bounded());
            await listener.DisposeAsync().Bounded();
        }
    }

    private static int CountDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static async Task UntilAsync(Func<bool> condition, Func<string> complaint)
    {
        // What is let go of in the background has no event to wait for.
        var waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.Elapsed < Bounds.Generous, complaint());
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(20, Token);
        }
    }

    // What these touch must not stay in a local or a state machine of the test that counts.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference>> UseAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor, int connections)
    {
        var references = new List<WeakReference>();
        for (int i = 0; i < connections; i++)
        {
            var request = new DialRequest(acceptor.Id, ["conformance/1"], new PeerOptions().ToSettings(dialler));
            PeerConnection dialled = await Transport.DialAsync(listener.LocalAddress, request, Token).Bounded();
            PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
            var pair = new ConnectedPair(dialler, acceptor, listener, dialled, accepted);
            references.AddRange(await UseStreamsAsync(pair, 2));
            (PeerStream open, PeerStream openFar) = await pair.OpenBidirectionalAsync();
            references.AddRange([new(open), new(openFar), new(dialled), new(accepted)]);
            await dialled.DisposeAsync().Bounded();
            await accepted.Closed.Bounded();
            await accepted.DisposeAsync().Bounded();
        }

        return references;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> UseStreamsAsync(ConnectedPair pair, int count)
    {
        var references = new List<WeakReference>();
        for (int i = 0; i < count; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenAsync(i % 2 == 0, (Side)(i / 2 % 2));
            await near.WriteAsync(new byte[1000], completeWrites: true, Token).Bounded();
            Assert.Equal(1000, (await far.ReadToEndAsync()).Length);
            far.CompleteWrites();
            await near.DisposeAsync();
            await far.DisposeAsync();
            references.AddRange([new(near), new(far)]);
        }

        return references;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> ListenAndDisposeAsync()
    {
        ConformancePeer acceptor = NewPeer();
        ConformancePeer dialler = NewPeer();
        var request = new ListenRequest(Subject.ListenOn, ["conformance/1"], new PeerOptions().ToSettings(acceptor));
        ITransportListener listener = await Transport.ListenAsync(request, Token).Bounded();
        await UseAsync(listener, dialler, acceptor, 1);
        await listener.DisposeAsync().Bounded();
        return new WeakReference(listener);
    }
}
