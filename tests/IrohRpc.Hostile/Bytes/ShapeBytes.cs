using System.Buffers.Binary;
using System.Text;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Writes random payloads that are right by the shape of a type.</summary>
internal sealed class ShapeBytes(Random random)
{
    private static readonly string[] LongTexts = ["UTC", "de", "http://example.org/a?b", "", "Europe/Berlin", "en-US"];

    private readonly List<byte> _bytes = [];
    private int _depth;
    private int _objects;

    public byte[] Write(PayloadPart part)
    {
        _bytes.Clear();
        _depth = 0;
        _objects = 0;
        Append(part);
        return [.. _bytes];
    }

    private void Append(PayloadPart part)
    {
        _depth++;
        if (part.AllowsNull && (_depth > 8 || random.Next(6) == 0) && TryAppendNull(part.Shape))
        {
            _depth--;
            return;
        }

        PayloadShape shape = part.Shape;
        switch (shape.Kind)
        {
            case ShapeKind.Fixed:
                AppendRandom(shape.Size);
                break;
            case ShapeKind.CheckedFixed:
                AppendChecked(shape);
                break;
            case ShapeKind.Text:
                AppendText(shape == PayloadShape.LongText ? LongTexts[random.Next(LongTexts.Length)] : RandomText());
                break;
            case ShapeKind.Characters:
                string characters = RandomText();
                AppendInt(characters.Length);
                _bytes.AddRange(Encoding.Unicode.GetBytes(characters));
                break;
            case ShapeKind.BigInteger:
                int length = 1 + random.Next(20);
                AppendInt(length);
                AppendRandom(length);
                break;
            case ShapeKind.BitArray:
                int bits = random.Next(100);
                _bytes.Add(2);
                AppendInt(bits);
                AppendInt((bits + 31) / 32);
                AppendRandom((bits + 31) / 32 * 4);
                break;
            case ShapeKind.PackedBits:
                bits = random.Next(100);
                AppendInt(bits);
                AppendRandom((bits + 31) / 32 * 4);
                break;
            case ShapeKind.Version:
                _bytes.Add(4);
                AppendInt(random.Next(9));
                AppendInt(random.Next(9));
                AppendInt(random.Next(-1, 9));
                AppendInt(BinaryPrimitives.ReadInt32LittleEndian([.. _bytes[^4..]]) < 0 ? -1 : random.Next(-1, 9));
                break;
            case ShapeKind.ObjectNumber:
                _bytes.Add((byte)random.Next(64));
                break;
            case ShapeKind.List:
                AppendItems(shape, _depth > 8 ? 0 : random.Next(_depth == 1 && random.Next(4) == 0 ? 40 : _depth > 3 ? 2 : 4));
                break;
            case ShapeKind.Grid:
                AppendGrid(shape);
                break;
            case ShapeKind.Row:
                AppendParts(shape.Parts);
                break;
            case ShapeKind.Object:
                _bytes.Add((byte)shape.Parts.Length);
                AppendParts(shape.Parts);
                break;
            case ShapeKind.Tolerant:
                AppendTolerant(shape, isCircular: false);
                break;
            case ShapeKind.Circular when _objects > 0 && random.Next(4) == 0:
                _bytes.Add(250);
                AppendLength(random.Next(_objects));
                break;
            case ShapeKind.Circular:
                AppendTolerant(shape, isCircular: true);
                break;
            case ShapeKind.Union:
                (int tag, PayloadShape found) = shape.Cases.ElementAt(_depth > 6 ? 0 : random.Next(shape.Cases.Count));
                _bytes.AddRange(tag < 250 ? [(byte)tag] : [250, (byte)tag, (byte)(tag >> 8)]);
                Append(new PayloadPart(found));
                break;
            default:
                // No bytes at all are a right value of nothing; samples stand for those types.
                AppendRandom(8);
                break;
        }

        _depth--;
    }

    private bool TryAppendNull(PayloadShape shape)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Text or ShapeKind.Characters or ShapeKind.List or ShapeKind.PackedBits:
                AppendInt(-1);
                return true;
            case ShapeKind.BitArray or ShapeKind.Version or ShapeKind.Grid or ShapeKind.Union or ShapeKind.Circular:
            case ShapeKind.Object or ShapeKind.Tolerant when !shape.IsStruct:
                _bytes.Add(255);
                return true;
            default:
                return false;
        }
    }

    private void AppendParts(PayloadPart[] parts)
    {
        foreach (PayloadPart part in parts)
        {
            Append(part);
        }
    }

    private void AppendItems(PayloadShape shape, int count)
    {
        AppendInt(count);
        for (int i = 0; i < count; i++)
        {
            Append(shape.Parts[0]);
        }
    }

    private void AppendGrid(PayloadShape shape)
    {
        _bytes.Add((byte)(shape.Rank + 1));
        int total = 1;
        for (int i = 0; i < shape.Rank; i++)
        {
            int length = random.Next(4);
            total *= length;
            AppendInt(length);
        }

        AppendItems(shape, total);
    }

    // What is within comes first, as its lengths stand in front of it.
    private void AppendTolerant(PayloadShape shape, bool isCircular)
    {
        int number = isCircular ? _objects++ : 0;
        int count = random.Next(4) == 0 ? random.Next(shape.Parts.Length + 3) : shape.Parts.Length;
        int start = _bytes.Count;
        var lengths = new List<int>();
        for (int i = 0; i < count; i++)
        {
            int before = _bytes.Count;
            bool isKnown = i < shape.Parts.Length && shape.Parts[i].Shape is not null;
            if (isKnown && random.Next(8) > 0)
            {
                Append(shape.Parts[i]);
            }
            else if (!isKnown)
            {
                AppendRandom(random.Next(5));
            }

            lengths.Add(_bytes.Count - before);
        }

        byte[] members = [.. _bytes[start..]];
        _bytes.RemoveRange(start, members.Length);
        _bytes.Add((byte)count);
        lengths.ForEach(AppendLength);
        if (isCircular)
        {
            AppendLength(number);
        }

        _bytes.AddRange(members);
    }

    private void AppendChecked(PayloadShape shape)
    {
        byte[] bytes = new byte[shape.Size];
        foreach (FixedRule rule in shape.Rules)
        {
            byte[] sample = rule.Kind switch
            {
                FixedKind.Boolean => [(byte)random.Next(2)],
                FixedKind.Decimal => [0, 0, (byte)random.Next(29), (byte)(random.Next(2) * 128), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
                FixedKind.DateTime => BitConverter.GetBytes(random.NextInt64(DateTime.MaxValue.Ticks) | (random.NextInt64(4) << 62)),
                FixedKind.DateOnly => BitConverter.GetBytes(random.Next(DateOnly.MaxValue.DayNumber)),
                FixedKind.TimeOnly => BitConverter.GetBytes(random.NextInt64(TimeOnly.MaxValue.Ticks)),
                FixedKind.Rune => BitConverter.GetBytes(random.Next(0xD800)),
                _ => new byte[16],
            };
            sample.CopyTo(bytes, rule.Offset);
        }

        _bytes.AddRange(bytes);
    }

    private void AppendText(string text)
    {
        if (text.Length == 0)
        {
            AppendInt(0);
        }
        else if (random.Next(3) == 0)
        {
            AppendInt(text.Length);
            _bytes.AddRange(Encoding.Unicode.GetBytes(text));
        }
        else
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            AppendInt(~bytes.Length);
            AppendInt(random.Next(5) == 0 ? -1 : text.Length);
            _bytes.AddRange(bytes);
        }
    }

    private string RandomText()
    {
        var text = new StringBuilder();
        for (int i = random.Next(12); i > 0; i--)
        {
            text.Append(random.Next(8) switch
            {
                0 => "\U0001F600",
                1 => "ü",
                2 => "漢",
                _ => ((char)random.Next(1, 127)).ToString(),
            });
        }

        return text.ToString();
    }

    private void AppendRandom(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        _bytes.AddRange(bytes);
    }

    private void AppendInt(int value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private void AppendLength(int length)
    {
        if (length <= 127)
        {
            _bytes.Add((byte)length);
        }
        else
        {
            _bytes.Add(unchecked((byte)-126));
            AppendInt(length);
        }
    }
}
