using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>Moves a reader behind a value that only code of the user's can read.</summary>
/// <param name="reader">Stands at the value.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void PayloadSkip(ref MemoryPackReader reader);

/// <summary>
/// The form that a type has on the wire, by which a payload is checked before MemoryPack reads it. Generated code makes the shapes of a contract once,
/// and adds their parts afterwards, because types refer to each other. Immutable from then on.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PayloadShape
{
    private const int Reference = 8;
    private const int ObjectHeader = 24;

    private int _inline = -1;
    private int _minimum = -1;
    private int _heap = -1;
    private bool? _hasGaps;
    private PayloadPlan? _plan;
    private PayloadPlan?[]? _plansOfParts;
    private Dictionary<int, PayloadShape>? _cases;

    private PayloadShape(ShapeKind kind) => Kind = kind;

    /// <summary>A string, or what is written as one.</summary>
    public static PayloadShape Text { get; } = new(ShapeKind.Text) { _minimum = 4, _inline = Reference, _heap = 0 };

    /// <summary>A <see cref="System.Uri"/> and the like: a string from which more is made.</summary>
    public static PayloadShape LongText { get; } = new(ShapeKind.Text) { _minimum = 4, _inline = Reference, _heap = 256 };

    /// <summary>A <see cref="System.Text.StringBuilder"/>.</summary>
    public static PayloadShape Characters { get; } = new(ShapeKind.Characters) { _minimum = 4, _inline = Reference, _heap = 216 };

    /// <summary>A <see cref="System.Numerics.BigInteger"/>.</summary>
    public static PayloadShape BigInteger { get; } = new(ShapeKind.BigInteger) { _minimum = 4, _inline = 16, _heap = 32 };

    /// <summary>A <see cref="System.Collections.BitArray"/>.</summary>
    public static PayloadShape BitArray { get; } = new(ShapeKind.BitArray) { _minimum = 1, _inline = Reference, _heap = 64 };

    /// <summary>A <see cref="System.Version"/>.</summary>
    public static PayloadShape Version { get; } = new(ShapeKind.Version) { _minimum = 1, _inline = Reference, _heap = 32 };

    /// <summary>A <c>bool[]</c> of a member with MemoryPack's <c>[BitPackFormatter]</c>.</summary>
    public static PayloadShape PackedBits { get; } = new(ShapeKind.PackedBits) { _minimum = 4, _inline = Reference, _heap = 32 };

    /// <summary>A contract: the number of an object.</summary>
    public static PayloadShape ObjectNumber { get; } = new(ShapeKind.ObjectNumber) { _minimum = 1, _inline = Reference, _heap = 0 };

    internal ShapeKind Kind { get; }

    /// <summary>The bytes of a value of a fixed size.</summary>
    internal int Size { get; private init; }

    /// <summary>The bytes of a fixed value that belong to no field.</summary>
    internal FixedGap[] Gaps { get; private init; } = [];

    /// <summary>Whether a value can have such bytes within it.</summary>
    internal bool HasGaps => _hasGaps ??= FindGaps([]);

    /// <summary>What the bytes of a fixed value must be.</summary>
    internal FixedRule[] Rules { get; private init; } = [];

    /// <summary>The type's name, for messages.</summary>
    internal string Name { get; private init; } = "";

    /// <summary>Whether the type is a struct, for which there is no null.</summary>
    internal bool IsStruct { get; private init; }

    /// <summary>Whether it is a nullable struct, which stands where its value does.</summary>
    internal bool IsOptional { get; private init; }

    /// <summary>The memory that a collection takes which is not empty, besides that of an empty one.</summary>
    internal int AnyCost { get; private init; }

    /// <summary>The memory that each element takes besides the place that it stands in.</summary>
    internal int ItemCost { get; private init; }

    /// <summary>In how many places an element stands, at most, while the collection grows.</summary>
    internal int Copies { get; private init; } = 1;

    /// <summary>How many dimensions an array has.</summary>
    internal int Rank { get; private init; }

    /// <summary>Members, elements, components.</summary>
    internal PayloadPart[] Parts { get; private set; } = [];

    /// <summary>Whether it is a <c>bool</c>.</summary>
    internal bool IsBoolean => Size == 1 && Rules is [{ Kind: FixedKind.Boolean }];

    /// <summary>The plan for a value that is not null, where plans of others refer to it.</summary>
    internal PayloadPlan Plan => _plan ??= PayloadPlan.ForValue(this);

    /// <summary>The plan for an element, a component or a member by itself.</summary>
    /// <param name="part">Its place among the parts.</param>
    internal PayloadPlan PlanOfPart(int part) => (_plansOfParts ??= new PayloadPlan?[Parts.Length])[part] ??= PayloadPlan.For(Parts.AsSpan(part, 1));

    /// <summary>Finds the end of a value that is opaque.</summary>
    internal PayloadSkip? Skip { get; private init; }

    /// <summary>The least bytes that a value has on the wire.</summary>
    internal int Minimum => _minimum >= 0 ? _minimum : _minimum = FindMinimum();

    /// <summary>The bytes that a value takes where it stands in memory.</summary>
    internal int Inline => _inline >= 0 ? _inline : _inline = FindInline();

    /// <summary>The bytes that a value takes besides, without those of its parts.</summary>
    internal int Heap => _heap >= 0 ? _heap : _heap = FindHeap();

    /// <summary>A value that is copied as it stands, and may have any bytes.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static PayloadShape Fixed<T>() => new(ShapeKind.Fixed) { Size = Unsafe.SizeOf<T>(), IsStruct = true };

    /// <summary>A value that is copied as it stands, with fields that not every byte is right for.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static PayloadShape Checked<[DynamicallyAccessedMembers(FixedRules.Fields)] T>()
        => new(ShapeKind.CheckedFixed) { Size = Unsafe.SizeOf<T>(), Rules = FixedRules.Of<T>(), IsStruct = true };

    /// <summary>The same, with bytes that belong to no field.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static PayloadShape Padded<[DynamicallyAccessedMembers(FixedRules.Fields)] T>()
    {
        FixedRule[] rules = FixedRules.Of<T>();
        return new(rules.Length > 0 ? ShapeKind.CheckedFixed : ShapeKind.Fixed) { Size = Unsafe.SizeOf<T>(), Rules = rules, Gaps = FixedGaps.Of<T>(), IsStruct = true };
    }

    /// <summary>Keeps the fields of a struct within another for <see cref="Checked{T}"/>, which trimming would remove.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    public static void KeepFields<[DynamicallyAccessedMembers(FixedRules.Fields)] T>() => _ = typeof(T);

    /// <summary>A collection, with the memory that it takes while it is read, in bytes.</summary>
    /// <param name="empty">What an empty one takes.</param>
    /// <param name="any">What one that is not empty takes besides.</param>
    /// <param name="item">What each element takes besides the place that it stands in.</param>
    /// <param name="copies">In how many places an element stands, at most, while the collection grows.</param>
    /// <param name="size">What the collection takes where it stands itself.</param>
    public static PayloadShape List(int empty, int any, int item, int copies, int size)
        => new(ShapeKind.List) { _heap = empty, AnyCost = any, ItemCost = item, Copies = copies, _minimum = 4, _inline = size };

    /// <summary>A collection that has a lock for each of the machine's processors, such as a <see cref="System.Collections.Concurrent.ConcurrentDictionary{TKey, TValue}"/>.</summary>
    /// <param name="empty">What an empty one takes without its locks.</param>
    /// <param name="perProcessor">What it takes for each processor.</param>
    /// <param name="any">What one that is not empty takes besides.</param>
    /// <param name="item">What each element takes besides the place that it stands in.</param>
    /// <param name="copies">In how many places an element stands, at most, while the collection grows.</param>
    /// <param name="size">What the collection takes where it stands itself.</param>
    public static PayloadShape Striped(int empty, int perProcessor, int any, int item, int copies, int size)
        => List(empty + (perProcessor * Environment.ProcessorCount), any, item, copies, size);

    /// <summary>An array of several dimensions.</summary>
    /// <param name="rank">How many.</param>
    public static PayloadShape Grid(int rank) => new(ShapeKind.Grid) { Rank = rank, _minimum = 1, _inline = Reference, _heap = 64 };

    /// <summary>A struct that is written as its parts, one after the other.</summary>
    public static PayloadShape Row() => new(ShapeKind.Row) { IsStruct = true, _heap = 0 };

    /// <summary>An object, whose members the two sides agree on.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="isStruct">Whether it is a struct.</param>
    public static PayloadShape Members(string name, bool isStruct = false) => new(ShapeKind.Object) { Name = name, IsStruct = isStruct, _minimum = 1 };

    /// <summary>A <see cref="Nullable{T}"/> that is written as an object of one member or none.</summary>
    public static PayloadShape Optional() => new(ShapeKind.Object) { _minimum = 1, _heap = 0, IsOptional = true };

    /// <summary>An object, some of whose members may be missing or unknown.</summary>
    /// <param name="name">The type's name.</param>
    /// <param name="isStruct">Whether it is a struct.</param>
    public static PayloadShape Tolerant(string name, bool isStruct = false) => new(ShapeKind.Tolerant) { Name = name, IsStruct = isStruct, _minimum = 1 };

    /// <summary>The same, with references to objects that occur again.</summary>
    /// <param name="name">The type's name.</param>
    public static PayloadShape Circular(string name) => new(ShapeKind.Circular) { Name = name, _minimum = 1 };

    /// <summary>One of several cases.</summary>
    /// <param name="name">The type's name.</param>
    public static PayloadShape Union(string name) => new(ShapeKind.Union) { Name = name, _minimum = 1, _inline = Reference, _heap = 0 };

    /// <summary>A value that code of the user's reads.</summary>
    /// <param name="skip">Reads it.</param>
    public static PayloadShape Opaque(PayloadSkip skip)
        => new(ShapeKind.Opaque) { Skip = skip, _minimum = 0, _inline = Reference, _heap = 0 };

    /// <summary>A member with a formatter of its own, which its attribute gives.</summary>
    /// <typeparam name="TOwner">The type whose member it is.</typeparam>
    /// <typeparam name="T">The member's type.</typeparam>
    /// <param name="member">Its name.</param>
    public static PayloadShape OpaqueMember<[DynamicallyAccessedMembers(MemberFormatter.Members)] TOwner, T>(string member)
    {
        IMemoryPackFormatter<T> formatter = MemberFormatter.Of<TOwner, T>(member);
        return Opaque((ref MemoryPackReader reader) => _ = reader.ReadValueWithFormatter<IMemoryPackFormatter<T>, T>(formatter));
    }

    /// <summary>The same, where the attribute says which formatter it gives.</summary>
    /// <typeparam name="TOwner">The type whose member it is.</typeparam>
    /// <typeparam name="TFormatter">The formatter.</typeparam>
    /// <typeparam name="T">The member's type.</typeparam>
    /// <param name="member">Its name.</param>
    public static PayloadShape OpaqueMember<[DynamicallyAccessedMembers(MemberFormatter.Members)] TOwner, TFormatter, T>(string member)
        where TFormatter : IMemoryPackFormatter<T>
    {
        TFormatter formatter = MemberFormatter.Find<TOwner, MemoryPackCustomFormatterAttribute<TFormatter, T>>(member).GetFormatter();
        return Opaque((ref MemoryPackReader reader) => _ = reader.ReadValueWithFormatter<TFormatter, T>(formatter));
    }

    /// <summary>Adds a part: the next member in the order of the wire, the element of a list.</summary>
    /// <param name="shape">Its form.</param>
    /// <param name="allowsNull">Whether null may stand there.</param>
    /// <param name="name">Its name, for messages; empty for elements.</param>
    /// <returns>The shape itself.</returns>
    public PayloadShape With(PayloadShape shape, bool allowsNull, string name = "")
    {
        Parts = [.. Parts, new PayloadPart(shape, allowsNull, name)];
        return this;
    }

    /// <summary>Leaves out a number of a version-tolerant type, which no member has.</summary>
    /// <returns>The shape itself.</returns>
    public PayloadShape WithGap()
    {
        Parts = [.. Parts, default];
        return this;
    }

    /// <summary>Adds a case of a union.</summary>
    /// <param name="tag">Its tag.</param>
    /// <param name="shape">Its value.</param>
    /// <returns>The shape itself.</returns>
    public PayloadShape Case(int tag, PayloadShape shape)
    {
        (_cases ??= [])[tag] = shape;
        return this;
    }

    internal IReadOnlyDictionary<int, PayloadShape> Cases => _cases ?? [];

    internal PayloadShape? FindCase(int tag) => _cases?.GetValueOrDefault(tag);

    private bool FindGaps(HashSet<PayloadShape> seen)
        => seen.Add(this) && (Gaps.Length > 0
            || Array.Exists(Parts, part => part.Shape is { } shape && shape.FindGaps(seen))
            || Cases.Values.Any(found => found.FindGaps(seen)));

    private int FindMinimum()
    {
        if (Kind is ShapeKind.Fixed or ShapeKind.CheckedFixed)
        {
            return Size;
        }

        int sum = 0;
        foreach (PayloadPart part in Parts)
        {
            sum += part.Shape.Minimum;
        }

        return sum;
    }

    private int FindInline()
    {
        if (Kind is ShapeKind.Fixed or ShapeKind.CheckedFixed)
        {
            return Size;
        }

        return IsOptional ? 8 + SizeOfParts() : IsStruct ? SizeOfParts() : Reference;
    }

    private int FindHeap() => IsStruct ? 0 : ObjectHeader + SizeOfParts();

    private int SizeOfParts()
    {
        int sum = 0;
        foreach (PayloadPart part in Parts)
        {
            if (part.Shape is { } shape)
            {
                sum += (shape.Inline + 7) & ~7;
            }
        }

        return sum;
    }
}
