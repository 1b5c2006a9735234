using System.IO.Pipelines;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Shapes of calls that are rare, and a contract that is nested and internal, from end to end.</summary>
public sealed class ExhibitTests : IAsyncLifetime
{
    private readonly MemoryNetwork _network = new();
    private readonly Exhibit _service = new();
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private Gallery.IExhibit _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport] }, Token);
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport] }, Token);
        await _server.Route().Map<Gallery.IExhibit>(_service).StartAsync(Token);
        _proxy = _client.Connect<Gallery.IExhibit>(_server.Ticket);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync().Soon();
        await _server.DisposeAsync().Soon();
    }

    [Fact]
    public async Task Items_in_a_task_begin_with_the_call()
    {
        Assert.Equal([0, 1, 2], await (await _proxy.LaterAsync(3, Token).Soon()).ToListAsync(Token).Soon());
        Assert.Equal(RpcStatusCode.OutOfRange, (await Assert.ThrowsAsync<RpcException>(() => _proxy.LaterAsync(-1, Token).Soon())).StatusCode);
    }

    [Fact]
    public async Task Bytes_of_a_result_are_read_from_a_pipe()
    {
        PipeReader reader = await _proxy.PipeAsync(100_000, Token).Soon();
        using var copy = new MemoryStream();
        await reader.CopyToAsync(copy, Token).Soon();
        await reader.CompleteAsync();
        Assert.Equal(Workshop.Pattern(100_000), copy.ToArray());
    }

    [Fact]
    public async Task One_way_call_may_be_large()
    {
        _proxy.Dump(Workshop.Pattern(60_000));
        Assert.Equal(Workshop.Pattern(60_000), await _service.Received.Task.Soon());
    }

    [Fact]
    public async Task Contract_passes_objects_of_its_own_kind_there_and_back()
    {
        var mine = new Exhibit();
        Gallery.IExhibit back = await _proxy.TurnAsync(mine, Token).Soon();
        Assert.Same(mine, back);
        Assert.Equal("1 one Monday False", await back.DefaultsAsync(1, "one", DayOfWeek.Monday, 1.0, Token).Soon());
    }

    [Fact]
    public async Task Default_values_are_the_contracts()
        => Assert.Equal("7 seven Sunday True", await _proxy.DefaultsAsync(cancellationToken: Token).Soon());

    [Fact]
    public async Task Union_of_an_abstract_class_keeps_its_case()
    {
        var dog = new Dog { Name = "Rex", Friends = [new Cat { Name = "Tom", Lives = 7 }, new Dog { Name = "Ada" }] };
        var back = Assert.IsType<Dog>(await _proxy.MeetAsync(dog, Token).Soon());
        Assert.Equal(("Rex", 2), (back.Name, back.Friends!.Count));
        Assert.Equal(("Tom", 7), (back.Friends[0].Name, Assert.IsType<Cat>(back.Friends[0]).Lives));
        Assert.IsType<Dog>(back.Friends[1]);
    }

    [Fact]
    public async Task Everything_travels_in_one_call()
    {
        var steps = new Recorded<int>();
        var notes = new Recorded<string>();
        var back = new Pipe();
        var context = new CallContext { Metadata = new Metadata { { "who", "me" } } };
        Task<string> call = _proxy.EverythingAsync(
            1, new MemoryStream(new byte[70_000]), AsyncEnumerable.Range(1, 1_000), steps, notes, new Workshop.Listener("Ada"), back.Writer, context, Token);
        using var copy = new StreamReader(back.Reader.AsStream());
        Assert.Equal("Ada heard everything", await copy.ReadToEndAsync(Token).Soon());
        Assert.Equal("70000 500501 me", await call.Soon());
        Assert.Equal([1], steps.Values);
        Assert.Equal(["summed"], notes.Values);
    }

    private sealed class Recorded<T> : IProgress<T>
    {
        public List<T> Values { get; } = [];

        public void Report(T value) => Values.Add(value);
    }
}
