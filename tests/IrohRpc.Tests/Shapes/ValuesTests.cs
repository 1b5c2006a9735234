using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Company.IrohRpc.Shapes;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Every kind of value arrives as it left, in both directions.</summary>
public sealed class ValuesTests : IAsyncLifetime
{
    private readonly MemoryNetwork _network = new();
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private IValues _proxy = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport] }, Token);
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_network.Transport] }, Token);
        var family = new Family();
        await _server.Route().Map<IValues>(new Echo()).Map<IFamilyV2>(family).Map<IFamilyV1>(family).StartAsync(Token);
        _proxy = _client.Connect<IValues>(_server.Ticket);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync().Soon();
        await _server.DisposeAsync().Soon();
    }

    [Fact]
    public async Task Scalars_come_back_as_they_went()
    {
        Assert.Equal(7, await _proxy.IntAsync(7, Token).Soon());
        Assert.Equal(1.5m, await _proxy.DecimalAsync(1.5m, Token).Soon());
        Assert.Null(await _proxy.DecimalAsync(null, Token).Soon());
        Guid guid = Guid.NewGuid();
        Assert.Equal(guid, await _proxy.GuidAsync(guid, Token).Soon());
        DateTimeOffset time = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        Assert.Equal(time, await _proxy.TimeAsync(time, Token).Soon());
        Assert.Equal(Level.High, await _proxy.LevelAsync(Level.Low, Level.High, Token).Soon());
        Assert.Equal(Level.Low, await _proxy.LevelAsync(Level.Low, null, Token).Soon());
        Assert.Equal("żółw", await _proxy.StringAsync("żółw", Token).Soon());
        Assert.Null(await _proxy.StringAsync(null, Token).Soon());
        Assert.Equal(3, await _proxy.@class(3, "y", Token).Soon());
    }

    [Fact]
    public async Task Objects_come_back_as_they_went()
    {
        Assert.Equal(2, (await _proxy.PointAsync(new Point { X = 1 }, new Point { X = 2 }, Token).Soon())!.Value.X);
        Assert.Null(await _proxy.PointAsync(default, null, Token).Soon());
        var person = new Person("Ada", 36, new Person("Charles", null, null));
        Assert.Equal(person, await _proxy.PersonAsync(person, Token).Soon());
        Assert.Null(await _proxy.PersonAsync(null, Token).Soon());
        var money = new Money(5, "EUR");
        Assert.Equal(money, await _proxy.MoneyAsync(default, money, Token).Soon());
        Assert.Equal(money, await _proxy.MoneyAsync(money, null, Token).Soon());
        Assert.Equal(new Disc(2), await _proxy.FigureAsync(new Disc(2), Token).Soon());
        Assert.Equal(new Square(3), await _proxy.FigureAsync(new Square(3), Token).Soon());
        Assert.Equal(Level.Low, (await _proxy.BoxAsync(new Box<Box<Level>>(new Box<Level>(Level.Low)), Token).Soon()).Content.Content);
        Growing growing = await _proxy.GrowingAsync(new Growing { Name = "x", People = [person] }, Token).Soon();
        Assert.Equal(person, Assert.Single(growing.People!));
    }

    [Fact]
    public async Task Collections_come_back_as_they_went()
    {
        Assert.Equal(["a", "b"], await _proxy.NamesAsync(["a", "b"], Token).Soon());
        byte[] one = [1];
        byte[] two = [2];
        Assert.Equal([1, 2], await _proxy.BytesAsync(one, two, Token).Soon());
        Assert.Equal(one, await _proxy.BytesAsync(one, null, Token).Soon());
        Assert.Equal(["a", null], await _proxy.StringsAsync(["a", null], Token).Soon());
        int[][] jagged = [[1], [], [2, 3]];
        Assert.Equal(jagged, await _proxy.JaggedAsync(jagged, Token).Soon());
        int[,] matrix = { { 1, 2 }, { 3, 4 } };
        Assert.Equal(matrix, await _proxy.MatrixAsync(matrix, Token).Soon());
        var nested = new Dictionary<string, List<Point?>> { ["x"] = [null, new Point { Y = 4 }] };
        Dictionary<string, List<Point?>> back = await _proxy.NestedAsync(nested, Token).Soon();
        Assert.Equal(nested["x"], back["x"]);
        var people = new Dictionary<int, Person?> { [1] = null, [2] = new Person("Ada", null, null) };
        Assert.Equal(people, await _proxy.PeopleAsync(people, Token).Soon());
        Assert.Equal([people[2]!], await _proxy.ImmutableAsync([people[2]!], Token).Soon());
        Assert.Equal((1, null), await _proxy.TupleAsync((1, null), Token).Soon());
        Assert.Equal((1, 2, 3, 4, 5, 6, 7, "8"), await _proxy.LongTupleAsync((1, 2, 3, 4, 5, 6, 7, "8"), Token).Soon());
        Assert.Equal(KeyValuePair.Create((byte)1, 2L), await _proxy.PairAsync(KeyValuePair.Create((byte)1, 2L), Token).Soon());
    }

    [Fact]
    public async Task Overloads_are_told_apart_by_their_wire_names()
    {
        Assert.Equal(3, await _proxy.SumAsync(1, 2, Token).Soon());
        Assert.Equal(10, await _proxy.SumAsync(1, 2, 3, 4).Soon());
        Assert.Equal(8, await _proxy.TwiceAsync(4).Soon());
    }

    [Fact]
    public async Task Items_progress_and_values_go_together()
    {
        var reports = new SynchronousProgress();
        List<(Person? Who, Level? How)> items = await _proxy.MixAsync(
            2, People(), reports, Level.Low, Token).ToListAsync(Token).AsTask().Soon();
        Assert.Equal([(new Person("Ada", 1, null), Level.Low), (null, Level.Low), (new Person("Ada", 1, null), Level.Low), (null, Level.Low)], items);
        Assert.Equal([(1, "round"), (2, "round")], reports.Seen);

        static async IAsyncEnumerable<Person?> People()
        {
            await Task.Yield();
            yield return new Person("Ada", 1, null);
            yield return null;
        }
    }

    [Fact]
    public async Task Faults_arrive_with_their_detail()
    {
        var money = await Assert.ThrowsAsync<RpcFaultException<Money>>(() => _proxy.FailAsync(true, Token).Soon());
        Assert.Equal(new Money(1, "EUR"), money.Detail);
        var person = await Assert.ThrowsAsync<RpcFaultException<Person>>(() => _proxy.FailAsync(false, Token).Soon());
        Assert.Equal("Ada", person.Detail.Name);
    }

    [Fact]
    public async Task Null_for_a_value_that_has_none_is_the_callers_mistake()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _proxy.FigureAsync(null!, Token).Soon());
        Assert.Equal(RpcStatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_object_serves_every_version_of_a_contract()
    {
        IFamilyV2 young = _client.Connect<IFamilyV2>(_server.Ticket);
        Assert.Equal(("plain", "shared", "old", "young"), (
            await young.PlainAsync(Token).Soon(),
            await ((ILeft)young).SharedAsync(Token).Soon(),
            await young.OldAsync(Token).Soon(),
            await young.YoungAsync(Token).Soon()));

        IFamilyV1 old = _client.Connect<IFamilyV1>(_server.Ticket);
        Assert.Equal(("shared", "old"), (await ((IRight)old).SharedAsync(Token).Soon(), await old.OldAsync(Token).Soon()));
        Assert.Equal("7", (await old.FindAsync(7, Token).Soon())!.Name);
        Assert.Null(await old.FindAsync(-1, Token).Soon());
    }

    private sealed class SynchronousProgress : IProgress<(int, string)>
    {
        public List<(int, string)> Seen { get; } = [];

        public void Report((int, string) value) => Seen.Add(value);
    }

    private sealed class Family : IFamilyV2
    {
        public Task<string> PlainAsync(CancellationToken cancellationToken) => Task.FromResult("plain");

        public Task<string> SharedAsync(CancellationToken cancellationToken) => Task.FromResult("shared");

        public Task<string> OldAsync(CancellationToken cancellationToken) => Task.FromResult("old");

        public Task<string> YoungAsync(CancellationToken cancellationToken) => Task.FromResult("young");

        public ValueTask<Person?> FindAsync(int id, CancellationToken cancellationToken)
            => ValueTask.FromResult(id < 0 ? null : new Person($"{id}", id, null));
    }

    private sealed class Echo : IValues
    {
        public ValueTask<int> IntAsync(int value, CancellationToken cancellationToken) => new(value);

        public ValueTask<decimal?> DecimalAsync(decimal? value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Guid> GuidAsync(Guid value, CancellationToken cancellationToken) => new(value);

        public ValueTask<DateTimeOffset?> TimeAsync(DateTimeOffset? value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Level> LevelAsync(Level value, Level? other, CancellationToken cancellationToken) => new(other ?? value);

        public ValueTask<string?> StringAsync(string? value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Point?> PointAsync(Point value, Point? other, CancellationToken cancellationToken) => new(other);

        public ValueTask<Person?> PersonAsync(Person? value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Money> MoneyAsync(Money value, Money? other, CancellationToken cancellationToken) => new(other ?? value);

        public ValueTask<IFigure> FigureAsync(IFigure value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Box<Box<Level>>> BoxAsync(Box<Box<Level>> value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Growing> GrowingAsync(Growing value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Names> NamesAsync(Names value, CancellationToken cancellationToken) => new(value);

        public ValueTask<byte[]> BytesAsync(ReadOnlyMemory<byte> value, byte[]? other, CancellationToken cancellationToken) => new([.. value.Span, .. other ?? []]);

        public ValueTask<string?[]> StringsAsync(string?[] value, CancellationToken cancellationToken) => new(value);

        public ValueTask<int[][]> JaggedAsync(int[][] value, CancellationToken cancellationToken) => new(value);

        public ValueTask<int[,]> MatrixAsync(int[,] value, CancellationToken cancellationToken) => new(value);

        public ValueTask<Dictionary<string, List<Point?>>> NestedAsync(Dictionary<string, List<Point?>> value, CancellationToken cancellationToken) => new(value);

        public ValueTask<IReadOnlyDictionary<int, Person?>> PeopleAsync(IReadOnlyDictionary<int, Person?> value, CancellationToken cancellationToken) => new(value);

        public ValueTask<ImmutableArray<Person>> ImmutableAsync(ImmutableArray<Person> value, CancellationToken cancellationToken) => new(value);

        public ValueTask<(int Count, string? Name)> TupleAsync((int Count, string? Name) value, CancellationToken cancellationToken) => new(value);

        public ValueTask<(int, int, int, int, int, int, int, string)> LongTupleAsync(
            (int A, int B, int C, int D, int E, int F, int G, string H) value, CancellationToken cancellationToken) => new(value);

        public ValueTask<KeyValuePair<byte, long>> PairAsync(KeyValuePair<byte, long> value, CancellationToken cancellationToken) => new(value);

        public ValueTask<int> @class(int @int, string @return, CancellationToken @default) => new(@int);

        public ValueTask<int> SumAsync(int left, int right, CancellationToken cancellationToken) => new(left + right);

        public ValueTask<int> SumAsync(params int[] values) => new(values.Sum());

        public async IAsyncEnumerable<(Person? Who, Level? How)> MixAsync(
            int times,
            IAsyncEnumerable<Person?> people,
            IProgress<(int, string)>? progress,
            Level level,
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            List<Person?> all = await people.ToListAsync(cancellationToken);
            for (int round = 1; round <= times; round++)
            {
                progress?.Report((round, "round"));
                foreach (Person? person in all)
                {
                    yield return (person, level);
                }
            }
        }

        public Task FailAsync(bool withMoney, CancellationToken cancellationToken)
            => throw (withMoney ? new RpcFaultException<Money>(new Money(1, "EUR")) : new RpcFaultException<Person>(new Person("Ada", null, null)));
    }
}
