using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using IrohRpc;

#pragma warning disable CA1002, CA1021, CA1716, CA1720, CA1814, CA1819

namespace Company.IrohRpc.Shapes;

/// <summary>Values of every kind, sent there and back.</summary>
[Alpn("values/1")]
public partial interface IValues
{
    ValueTask<int> IntAsync(int value, CancellationToken cancellationToken = default);

    ValueTask<decimal?> DecimalAsync(decimal? value, CancellationToken cancellationToken = default);

    ValueTask<Guid> GuidAsync(Guid value, CancellationToken cancellationToken = default);

    ValueTask<DateTimeOffset?> TimeAsync(DateTimeOffset? value, CancellationToken cancellationToken = default);

    ValueTask<Level> LevelAsync(Level value, Level? other, CancellationToken cancellationToken = default);

    ValueTask<string?> StringAsync(string? value, CancellationToken cancellationToken = default);

    ValueTask<Point?> PointAsync(Point value, Point? other, CancellationToken cancellationToken = default);

    ValueTask<Person?> PersonAsync(Person? value, CancellationToken cancellationToken = default);

    ValueTask<Money> MoneyAsync(Money value, Money? other, CancellationToken cancellationToken = default);

    ValueTask<IFigure> FigureAsync(IFigure value, CancellationToken cancellationToken = default);

    ValueTask<Box<Box<Level>>> BoxAsync(Box<Box<Level>> value, CancellationToken cancellationToken = default);

    ValueTask<Growing> GrowingAsync(Growing value, CancellationToken cancellationToken = default);

    ValueTask<Names> NamesAsync(Names value, CancellationToken cancellationToken = default);

    ValueTask<byte[]> BytesAsync(ReadOnlyMemory<byte> value, byte[]? other, CancellationToken cancellationToken = default);

    ValueTask<string?[]> StringsAsync(string?[] value, CancellationToken cancellationToken = default);

    ValueTask<int[][]> JaggedAsync(int[][] value, CancellationToken cancellationToken = default);

    ValueTask<int[,]> MatrixAsync(int[,] value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<string, List<Point?>>> NestedAsync(Dictionary<string, List<Point?>> value, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyDictionary<int, Person?>> PeopleAsync(IReadOnlyDictionary<int, Person?> value, CancellationToken cancellationToken = default);

    ValueTask<ImmutableArray<Person>> ImmutableAsync(ImmutableArray<Person> value, CancellationToken cancellationToken = default);

    ValueTask<(int Count, string? Name)> TupleAsync((int Count, string? Name) value, CancellationToken cancellationToken = default);

    ValueTask<(int, int, int, int, int, int, int, string)> LongTupleAsync(
        (int A, int B, int C, int D, int E, int F, int G, string H) value, CancellationToken cancellationToken = default);

    ValueTask<KeyValuePair<byte, long>> PairAsync(KeyValuePair<byte, long> value, CancellationToken cancellationToken = default);

    ValueTask<int> @class(int @int, string @return = "x", CancellationToken @default = default);

    [WireName("SumOfTwo")]
    ValueTask<int> SumAsync(int left, int right, CancellationToken cancellationToken = default);

    [WireName("SumOfMany")]
    ValueTask<int> SumAsync(params int[] values);

    IAsyncEnumerable<(Person? Who, Level? How)> MixAsync(
        int times, IAsyncEnumerable<Person?> people, IProgress<(int, string)>? progress, Level level = Level.High, CancellationToken cancellationToken = default);

    [Fault<Money>]
    [Fault<Person>]
    Task FailAsync(bool withMoney, CancellationToken cancellationToken = default);

    /// <summary>Runs on the caller's side: it is no remote method.</summary>
    sealed async ValueTask<int> TwiceAsync(int value) => await SumAsync(value, value).ConfigureAwait(false);
}
