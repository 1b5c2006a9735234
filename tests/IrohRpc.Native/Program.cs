using System.Collections.Immutable;
using System.Numerics;
using IrohRpc;
using IrohRpc.Native;

// "serve" prints a ticket and answers until its input ends; "call <ticket>" calls every method and compares.
await using var endpoint = await PeerEndpoint.BindAsync();
switch (args)
{
    case ["serve"]:
        await using (await endpoint.Route().Map<IShapes>(new Shapes()).StartAsync())
        {
            Console.WriteLine(endpoint.Ticket);
            await Console.In.ReadToEndAsync();
        }

        return 0;
    case ["call", string ticket]:
        await CallAsync(endpoint.Connect<IShapes>(EndpointTicket.Parse(ticket)));
        Console.WriteLine("every shape came back");
        return 0;
    default:
        return 2;
}

static async Task CallAsync(IShapes shapes)
{
    Part[] parts = [new("a"), new("b")];
    Same(new Part("x"), await shapes.OneAsync(new Part("x")));
    Equal(parts, await shapes.ReadOnlyListAsync(parts));
    Equal(parts, await shapes.ListInterfaceAsync(parts));
    Equal(parts, await shapes.EnumerableAsync(parts.Where(_ => true)));
    Equal(parts, await shapes.ListAsync([.. parts]));
    Equal(parts, await shapes.ArrayAsync(parts));
    Same(parts[1], (await shapes.DictionaryAsync(parts.ToDictionary(part => part.Name)))["b"]);
    Same(parts[1], (await shapes.ReadOnlyDictionaryAsync(new Dictionary<long, Part> { [1L << 40] = parts[1] }))[1L << 40]);
    Equal(parts, await shapes.ImmutableArrayAsync([.. parts]));
    Equal(parts, await shapes.SetAsync([.. parts]));
    Same(parts[1], (await shapes.StackAsync(new Stack<Part>(parts))).Pop());
    Same((7, parts[0]), await shapes.TupleAsync((7, parts[0])));
    Equal(parts, (await shapes.LookupAsync(parts.ToLookup(_ => 3)))[3]);
    Same(new Pair<Part>(parts[0], parts[1]), await shapes.GenericAsync(new Pair<Part>(parts[0], parts[1])));
    Equal([new Pair<int>(1, 2)], await shapes.GenericsAsync([new Pair<int>(1, 2)]));
    Holder holder = await shapes.HolderAsync(new Holder(parts, parts.ToDictionary(part => part.Name), new Pair<Part>(parts[0], parts[1])));
    Equal(parts, holder.Parts);
    Equal(parts, (await shapes.GrowingAsync(new Growing { Next = new Growing { Parts = [.. parts] } })).Next!.Parts!);
    Same(2.5, ((Circle)((Several)await shapes.FigureAsync(new Several([new Circle(2.5)]))).Figures[0]).Radius);
    var reading = new Reading { IsValid = true, Value = 12.5m, When = (DateTime.UnixEpoch, true), Checked = DateTimeOffset.UnixEpoch };
    Equal([reading], await shapes.ReadingsAsync([reading]));
    Same(BigInteger.Pow(-3, 99), (await shapes.NumbersAsync(new Dictionary<Guid, BigInteger> { [Guid.Empty] = BigInteger.Pow(-3, 99) }))[Guid.Empty]);
    Same("z", (await shapes.GridAsync(new string?[,] { { null, "y" }, { "z", null } }))[1, 0]);
    int items = 0;
    await foreach (List<Part> item in shapes.ItemsAsync(Items(parts)))
    {
        Equal(parts, item);
        items++;
    }

    Same(3, items);
}

static async IAsyncEnumerable<List<Part>> Items(Part[] parts)
{
    for (int i = 0; i < 3; i++)
    {
        await Task.Yield();
        yield return [.. parts];
    }
}

static void Same<T>(T expected, T actual)
{
    if (!EqualityComparer<T>.Default.Equals(expected, actual))
    {
        throw new InvalidOperationException($"{expected} came back as {actual}");
    }
}

static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Same(true, expected.SequenceEqual(actual));
